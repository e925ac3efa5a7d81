"""A reorganisation that could not be carried out on its day: what should be no more goes on."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind, Severity, Whose
from responsibility.coverage.rules import Rule, add
from responsibility.coverage.rules.register import NO_LINE
from responsibility.units.models import UnitReorganisation
from safegrid.grid.models import Reorganisation

NOWHERE = "NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint"
STUCK = "done_at IS NULL AND called_off_at IS NULL AND problem <> ''"


def about(key: str, user: Any) -> list[tuple[str, str]]:
    """Return what the finding `key` is about: the places or bodies, each with its address."""
    kind, pk = key.split(":")
    if kind == "place":
        places = Reorganisation.objects.get(pk=pk).predecessors.defer("boundary").order_by("path")
        return [(place.label, reverse("grid:reorganise", args=[place.code])) for place in places]
    units = UnitReorganisation.objects.get(pk=pk).predecessors.order_by("pk")
    return [(unit.label, reverse("responsibility:unit_reorganise", args=[unit.pk])) for unit in units]


add(
    Rule(
        "reorganisation",
        Kind.GAP,
        Severity.MEDIUM,
        _("A reorganisation that could not be carried out"),
        _("Its day has come and something stands against it. Put that right, or call it off."),
        f"""
        SELECT 'place:' || id, {NO_LINE}, {NOWHERE} FROM grid_reorganisation WHERE {STUCK}
        UNION ALL
        SELECT 'unit:' || id, {NO_LINE}, {NOWHERE} FROM responsibility_unitreorganisation WHERE {STUCK}
        """,  # noqa: S608 (words of our own)
        local=False,
        rows=about,
        whose=Whose.OFFICE,
    ),
    order=95,
)
