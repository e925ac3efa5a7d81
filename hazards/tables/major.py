"""Table 3, the list of major hazards (重大隐患清单): the major ones of what a list shows its reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hazards.choices import Grade, State
from hazards.models import NO_DEADLINE, Hazard, RectificationPlan
from hazards.tables.ledger import FIELDS
from hazards.tables.sockets import facts
from safegrid.grid.models import District
from safegrid.kernel import clock
from safegrid.kernel.listing.selection import CHUNK, Selection
from safegrid.kernel.names import choose
from safegrid.kernel.office_tables import Head, OfficeTable, Value


def office_table(selection: Selection) -> OfficeTable:
    """Return the major hazards of what `selection` shows, each with the five fulfilments of its plan."""
    reported, plan = pgettext("hazard", "Reported"), _("The plan with its five fulfilments")
    return OfficeTable(
        name=_("Major hazards"),
        title=_("List of major hazards"),
        note=_("As of %(day)s") % {"day": clock.local_date(selection.now).isoformat()},
        heads=(
            Head(_("No."), 7),
            Head(_("Number"), 17),
            Head(_("Enterprise"), 28),
            Head(_("District"), 12),
            Head(_("Hazard"), 40),
            Head(_("Article that makes it major"), 34),
            Head(pgettext("table", "Found"), 12),
            Head(_("To the regulator"), 13, reported),
            Head(_("To the workers' congress"), 13, reported),
            Head(pgettext("plan", "Responsibility"), 12, plan),
            Head(_("Measures"), 34, plan),
            Head(_("Funds, yuan"), 12, plan),
            Head(_("To be done by"), 12, plan),
            Head(_("Contingency plan"), 30, plan),
            Head(_("Listed by"), 20),
            Head(_("Deadline"), 12),
            Head(_("Progress"), 34),
            Head(pgettext("hazard", "Struck off"), 12),
            Head(_("Work resumed"), 14),
        ),
        rows=_rows(selection),
    )


def _rows(selection: Selection) -> Iterator[tuple[Value, ...]]:
    """Yield a line for each. A bounded number of queries for each batch, however many are in it."""
    rows = selection.rows().filter(grade=Grade.MAJOR)
    found = rows.select_related("enterprise", "site").only(*FIELDS).iterator(CHUNK)
    places = District.objects.order_by().values_list("pk", "name", "name_en")
    districts = {pk: choose(name, name_en) for pk, name, name_en in places}
    numbers = count(1)
    while batch := list(islice(found, CHUNK)):
        plans = {plan.hazard_id: plan for plan in RectificationPlan.objects.filter(hazard__in=batch)}
        ids = [row.pk for row in batch]
        known = {name: fact.read(ids, selection.user) for name, fact in facts.items()}
        for hazard in batch:
            place = districts.get(hazard.district_id or 0)
            yield (next(numbers), *_line(hazard, place, plans.get(hazard.pk), known))


def _line(
    hazard: Hazard,
    district: str | None,
    plan: RectificationPlan | None,
    known: Mapping[str, Mapping[int, Any]],
) -> tuple[Value, ...]:
    def fact(name: str) -> Value:
        return known.get(name, {}).get(hazard.pk)

    return (
        hazard.number,
        choose(hazard.enterprise.name, hazard.enterprise.name_en),
        district,
        "\n".join(text for text in (hazard.title, hazard.spot) if text),
        hazard.major_basis,
        clock.local_date(hazard.found_at),
        fact("reported"),
        fact("workers_told"),
        *(
            (plan.responsible, plan.measures, plan.funds, plan.due_on, plan.contingency)
            if plan
            else (None,) * 5
        ),
        fact("listed"),
        hazard.due_on if hazard.due_on != NO_DEADLINE else None,
        "\n".join(str(text) for text in (State(hazard.state).label, fact("progress")) if text),
        clock.local_date(hazard.closed_at) if hazard.closed_at else None,
        fact("resumed"),
    )
