"""Cells that leave a hole, or lie on each other: there nobody or two answer for a street."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.coverage import geometry
from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.models import CellFault
from responsibility.coverage.rules import Rule, add

#: The place columns of what a fault lies in, whatever its level is.
SQL = """
    SELECT fault.id::text, '', '', NULL::bigint, NULL::bigint, NULL::bigint,
        district.id, township.id, community.id, NULL::bigint, NULL::bigint
    FROM responsibility_cellfault AS fault
    JOIN grid_district AS place ON place.id = fault.place_id
    JOIN grid_district AS district ON district.path = left(place.path, 8)
    LEFT JOIN grid_district AS township ON place.level <> 'district' AND township.path = left(place.path, 12)
    LEFT JOIN grid_district AS community ON place.level = 'community' AND community.id = place.id
    WHERE fault.kind = '{kind}'
"""


def about(key: str, user: Any) -> list[tuple[str, str]]:
    """Return where the outlines of the fault `key` are drawn anew; none once it is gone."""
    faults = CellFault.objects.filter(pk=int(key)).select_related("place").defer("place__boundary")
    return [(fault.place.label, reverse("grid:outlines", args=[fault.place.code])) for fault in faults]


for order, (kind, of, title, sentence) in enumerate(
    [
        (
            "hole",
            Kind.GAP,
            _("Cells leave a hole"),
            _("The outlines of the cells do not cover all of the place: draw the cells anew, or add one."),
        ),
        (
            "overlap",
            Kind.OVERLAP,
            _("Cells lie on each other"),
            _("A strip belongs to two cells: draw the border between them anew."),
        ),
    ],
    start=100,
):
    add(
        Rule(
            f"cell_{kind}",
            of,
            Severity.LOW,
            title,
            sentence,
            SQL.format(kind=kind),
            local=False,
            rows=about,
            prepare=geometry.refresh if kind == "hole" else None,
        ),
        order=order,
    )
