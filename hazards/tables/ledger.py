"""Table 1, the hazard ledger (隐患台账): exactly the rows that a list shows its reader, however many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hazards.choices import Grade, State
from hazards.grading import categories
from hazards.ledger.telling import Told, told_of
from hazards.models import NO_DEADLINE, Hazard, RectificationPlan
from hazards.sources import is_hidden, source_for
from hazards.tables.looks import NOT_LOOKED, Look, looks_at
from hazards.tables.sockets import ledger_facts
from safegrid.accounts.models import PastUnit, Post, User
from safegrid.grid.models import District, Industry
from safegrid.kernel import clock
from safegrid.kernel.listing.selection import CHUNK, Selection
from safegrid.kernel.names import choose
from safegrid.kernel.office_tables import Head, OfficeTable, Value

#: What lines are made of, beside names that are looked up: a search text is heavy, and no line shows it.
OF_ENTERPRISE = ("name", "name_en", "uscc", "principal", "phone")
FIELDS = (
    *(field.name for field in Hazard._meta.concrete_fields if field.name != "search"),
    *(f"enterprise__{name}" for name in OF_ENTERPRISE),
    "site__name",
)


def office_table(selection: Selection) -> OfficeTable:
    """Return the ledger of what `selection` shows, as it is handed up."""
    place, found = _("Place when it was found"), _("How it was found")
    asked, looked = _("What is to be done"), _("Re-inspection")
    return OfficeTable(
        name=_("Hazard ledger"),
        title=_("Hazard ledger"),
        note=_("As of %(day)s") % {"day": clock.local_date(selection.now).isoformat()},
        heads=(
            Head(_("No."), 7),
            Head(_("Number"), 17),
            Head(_("Enterprise"), 26),
            Head(_("USCC"), 21),
            Head(_("District"), 11, place),
            Head(_("Township"), 14, place),
            Head(_("Grid cell"), 14, place),
            Head(_("Industry"), 14),
            Head(_("Source"), 12, found),
            Head(_("Inspecting unit"), 20, found),
            Head(_("Inspector"), 10, found),
            Head(_("Date found"), 12, found),
            Head(_("Place and description"), 44),
            Head(_("Category"), 12),
            Head(_("Grade"), 10),
            Head(_("Basis"), 24),
            Head(_("Measures"), 34, asked),
            Head(_("Responsible person"), 12, asked),
            Head(_("Telephone"), 15, asked),
            Head(_("Funds, yuan"), 12, asked),
            Head(_("First deadline"), 12, asked),
            Head(_("Present deadline"), 12, asked),
            Head(pgettext("table", "Done"), 12),
            Head(_("Re-inspected by"), 12, looked),
            Head(pgettext("table", "Date"), 12, looked),
            Head(_("Conclusion"), 26, looked),
            Head(_("Struck off"), 12),
            Head(_("Days over"), 9),
        ),
        rows=_rows(selection),
    )


@dataclass(frozen=True)
class Names:
    """Names by the ids that hazards carry, read once for the whole table."""

    places: Mapping[int | None, str]
    industries: Mapping[int | None, str]
    units: Mapping[int | None, str]  # by the post that found it
    past_units: Mapping[int, Sequence[tuple[dt.date, str]]]  # those of before, the latest first
    categories: Mapping[str, str]

    @classmethod
    def read(cls) -> Names:
        """Read them: five queries, and no more rows than there are places, industries, posts, categories."""

        def named(rows: Any, name: str = "name") -> dict[int | None, str]:
            pairs = rows.order_by().values_list("pk", name, f"{name}_en")
            return {pk: choose(own, english) for pk, own, english in pairs}

        past: dict[int, list[tuple[dt.date, str]]] = {}
        for post, until, own, english in PastUnit.objects.order_by("-until").values_list(
            "post", "until", "unit__name", "unit__name_en"
        ):
            past.setdefault(post, []).append((until, choose(own, english)))
        return cls(
            named(District.objects.all()),
            named(Industry.objects.all()),
            named(Post.objects.exclude(unit=None), "unit__name"),
            past,
            categories.names(),
        )

    def unit_of(self, post: int, day: dt.date) -> str | None:
        """Return the body in which a post was on a local day."""
        found = self.units.get(post)
        for until, name in self.past_units.get(post, ()):
            found = name if day < until else found
        return found


def _rows(selection: Selection) -> Iterator[tuple[Value, ...]]:
    """Yield a line for each hazard. As many queries for each batch, however many are in it."""
    found = selection.rows().select_related("enterprise", "site").only(*FIELDS).iterator(CHUNK)
    names = Names.read()
    numbers = count(1)
    while batch := list(islice(found, CHUNK)):
        plans = {plan.hazard_id: plan for plan in RectificationPlan.objects.filter(hazard__in=batch)}
        told = told_of(batch, selection.user)
        looks = looks_at(batch, told)
        people = User.objects.in_bulk({row.found_by_id for row in batch if row.found_by_id})
        ids = [row.pk for row in batch]
        known = {name: fact.read(ids, selection.user) for name, fact in ledger_facts.items()}
        for hazard in batch:
            said, finder = told.get(hazard.pk, {}), people.get(hazard.found_by_id or 0)
            facts = {name: fact[hazard.pk] for name, fact in known.items() if hazard.pk in fact}
            yield (
                next(numbers),
                *_what(hazard, names, selection.user, finder, said, facts),
                *_asked(hazard, plans.get(hazard.pk), said),
                *_done(hazard, looks.get(hazard.pk, NOT_LOOKED), selection),
            )


def _what(
    hazard: Hazard, names: Names, user: Any, finder: User | None, told: Told, facts: Mapping[str, Value]
) -> Sequence[Value]:
    """Return what it is, where it was found, and how, here or as a ledger told."""
    hidden = is_hidden(hazard.source, hazard.enterprise_id, user)
    words = [hazard.site.name, hazard.spot, hazard.title]
    if hazard.description != hazard.title:
        words.append(hazard.description)
    return (
        hazard.number,
        choose(hazard.enterprise.name, hazard.enterprise.name_en),
        hazard.enterprise.uscc,
        *(names.places.get(pk) for pk in _place_then(hazard)),
        names.industries.get(hazard.industry_id),
        told.get("source") or source_for(user, hazard),
        told.get("unit")
        if hidden or hazard.found_post_id is None
        else names.unit_of(hazard.found_post_id, clock.local_date(hazard.found_at)),
        told.get("inspector") if hidden or not finder else facts.get("inspectors") or str(finder),
        clock.local_date(hazard.found_at),
        "\n".join(text for text in words if text),
        names.categories[hazard.category_id],
        str(Grade(hazard.grade).label),
        hazard.major_basis or facts.get("basis"),
    )


def _place_then(hazard: Hazard) -> tuple[int | None, int | None, int | None]:
    """Return district, township and cell where it was found; of the cell only what it is now is known."""
    if hazard.then_district_id is None:  # it was not placed yet
        return hazard.district_id, hazard.township_id, hazard.cell_id
    stands_there = (hazard.then_district_id, hazard.then_township_id) == (
        hazard.district_id,
        hazard.township_id,
    )
    return hazard.then_district_id, hazard.then_township_id, hazard.cell_id if stands_there else None


def _asked(hazard: Hazard, plan: RectificationPlan | None, told: Told) -> Sequence[Value]:
    """Return what is to be done, by whom, with what and by when; funds as a ledger wrote them."""
    return (
        hazard.measures,
        plan.responsible if plan else told.get("person") or hazard.enterprise.principal,
        hazard.enterprise.phone,
        plan.funds if plan else told.get("funds"),
        hazard.original_due_on,
        hazard.due_on if hazard.due_on != NO_DEADLINE else None,
    )


def _done(hazard: Hazard, look: Look, selection: Selection) -> Sequence[Value]:
    """Return what became of it."""
    over: int | None = None
    if hazard.days_late is not None:
        over = max(hazard.days_late, 0)
    elif hazard.is_overdue(selection.now):
        over = hazard.days_over(selection.now)
    return (
        look.done_on if hazard.state != State.RECTIFYING else None,
        look.by,
        look.on,
        look.conclusion,
        clock.local_date(hazard.closed_at) if hazard.closed_at else None,
        over,
    )
