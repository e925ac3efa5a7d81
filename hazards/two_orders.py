"""One hazard under two orders: two bodies have each ordered the same to be put right at one site.

The enterprise is told twice, perhaps with two days, and both bodies come to look: supervision that repeats.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.choices import OPEN, Road
from hazards.models import Hazard
from responsibility.coverage.choices import Kind, Severity, Whose
from responsibility.coverage.rules import Rule, add, compared

RULE = "two_orders"

#: What two officers may write otherwise in the same words.
MARKS = "，。、；：！,.;:!"

STATES = ", ".join(f"'{state}'" for state in OPEN)


def orders(key: str, user: Any) -> list[tuple[str, str]]:
    """Return the hazards of the finding `key` that `user` sees: who ordered which, and its address."""
    pks = [int(part) for part in key.split(":")]
    rows = Hazard.objects.visible_to(user).filter(pk__in=pks).select_related("ordering_unit").order_by("pk")
    return [
        (
            f"{row.number} {row.title}" + (f" · {row.ordering_unit.label}" if row.ordering_unit else ""),
            reverse("hazards:detail", args=[row.number]),
        )
        for row in rows
    ]


#: Of one matter, and of the same item of inspection or in the same words.
add(
    Rule(
        RULE,
        Kind.OVERLAP,
        Severity.MEDIUM,
        _("One hazard under two orders"),
        _(
            "Two bodies have ordered the same to be put right. Agree whose order stands and cancel the "
            "other; if they are two things, dismiss with the reason."
        ),
        f"""
        WITH ordered AS (
            SELECT id, site_id, matter_id, ordering_unit_id, ordered_by_id, item_code, title
            FROM hazards_hazard
            WHERE state IN ({STATES}) AND road = '{Road.ORDERED}' AND ordering_unit_id IS NOT NULL
        )
        SELECT one.id || ':' || other.id,
            '', '', one.matter_id, NULL::bigint, other.ordered_by_id,
            site.district_id, site.township_id, site.community_id, site.cell_id, site.id
        FROM ordered AS one
        JOIN ordered AS other ON other.site_id = one.site_id AND other.matter_id = one.matter_id
            AND other.id > one.id AND other.ordering_unit_id <> one.ordering_unit_id
        JOIN grid_site AS site ON site.id = one.site_id
        WHERE one.item_code <> '' AND one.item_code = other.item_code
            OR {compared("one.title", MARKS)} = {compared("other.title", MARKS)}
        """,  # noqa: S608 (words of our own)
        local=False,
        rows=orders,
        whose=Whose.POST,  # who ordered last cancels, or agrees with the other that theirs stands
    ),
    order=130,
)
