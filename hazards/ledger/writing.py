"""Writing imported hazards set by set: the hazards, their rows of the ledger, timelines, and what is owed.

The one place beside `hazards.services.report` where hazards come into being. They come in the state that
the ledger tells; from then on they go through the one door like every other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hazards.choices import Category, Grade, Source, State
from hazards.ledger.models import LedgerRow
from hazards.ledger.owing import Deadlines, Owing
from hazards.models import NO_DEADLINE, TITLE_LENGTH, Hazard, Step
from hazards.numbers import next_numbers
from hazards.services.reporting import NUMBER_PREFIX
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock
from safegrid.kernel.copying import Json, copy_create, copy_rows

if TYPE_CHECKING:
    from hazards.ledger.importer import Taking

ROW = ("hazard_id", "job_id", "number", "key", "content", "legacy_number", "told")
STEP = (
    "hazard_id",
    "action",
    "from_state",
    "to_state",
    "at",
    "actor_id",
    "acting_post_id",
    "note",
    "due_on",
    "round",
)
CATEGORIES = {"fire": Category.FIRE, "gas": Category.GAS}


class Writer:
    """Writes the hazards of one batch."""

    def __init__(self, terms: Any, deadlines: Deadlines) -> None:
        self.now, self.deadlines = terms.now, deadlines
        self.job = ImportJob.objects.get(pk=terms.job_id)

    def write(self, takings: Sequence[Taking]) -> list[Hazard]:
        """Write them and return the hazards, in the same order."""
        if not takings:
            return []
        year = clock.local_date(self.now).year
        numbers = next_numbers(NUMBER_PREFIX, year, len(takings))
        hazards = [self._hazard(each, number) for each, number in zip(takings, numbers, strict=True)]
        copy_create(Hazard, hazards)
        pairs = list(zip(takings, hazards, strict=True))
        copy_rows(LedgerRow, ROW, (self._row(each, hazard) for each, hazard in pairs))
        copy_rows(Step, STEP, (step for each, hazard in pairs for step in self._steps(each, hazard)))
        Owing(self.now, self.deadlines).write(
            [(each.orderer or each.decides, each.draft, hazard) for each, hazard in pairs]
        )
        return hazards

    def _hazard(self, taking: Taking, number: str) -> Hazard:
        draft, site = taking.draft, taking.site
        title = " ".join(draft.title.split())
        description = draft.description
        if len(title) > TITLE_LENGTH:
            title, description = f"{title[: TITLE_LENGTH - 1]}…", f"{draft.title}\n{description}".strip()
        hazard = Hazard(
            number=number,
            enterprise=site.enterprise,
            site=site,
            matter=taking.matter,
            industry_id=site.industry_id,
            then_district_id=site.district_id,
            then_township_id=site.township_id,
            road=draft.road,
            source=Source.IMPORT,
            title=title,
            description=description,
            spot=draft.cells.get("spot", ""),
            category_id=draft.category or CATEGORIES.get(taking.matter.code, Category.FACILITY),
            grade=draft.grade,
            major_basis=_basis(taking) if draft.grade == Grade.MAJOR else "",
            measures=draft.cells.get("measures", ""),
            fixed_on_the_spot=draft.at_once,
            is_shared=True,  # the office has it in its ledger
            state=draft.state,
            found_at=clock.day_start(draft.found_on),
            **site.place_ids,
        )
        self._date(hazard, taking)
        own = draft.cells.get("legacy_number", "")
        hazard.be_found_by(number, title, site.enterprise.name, site.name, own)
        return hazard

    def _date(self, hazard: Hazard, taking: Taking) -> None:
        """Set what was ordered, by when, and how it ended."""
        draft, due_on = taking.draft, taking.draft.due_on
        if due_on is None and draft.state in (State.RECTIFYING, State.TO_ACCEPT, State.TO_CONFIRM):
            due_on = self.deadlines.day(draft.grade)
        if due_on is not None and draft.state not in (State.REPORTED, State.GRADED):
            hazard.due_on = hazard.original_due_on = due_on
            hazard.due_at = clock.day_end(due_on)
        if taking.orderer is not None and draft.state not in (State.REPORTED, State.GRADED):
            hazard.ordered_by, hazard.ordering_unit_id = taking.orderer, taking.orderer.unit_id
            hazard.ordered_at = hazard.found_at
        done_on = draft.done_on or draft.closed_on
        if draft.state in (State.CLOSED, State.TO_ACCEPT, State.TO_CONFIRM):
            told = draft.due_on if done_on is not None else None
            hazard.days_late = (done_on - told).days if told is not None and done_on is not None else 0
        if draft.closed_on is not None:
            hazard.closed_at = clock.day_start(draft.closed_on)

    def _row(self, taking: Taking, hazard: Hazard) -> tuple[Any, ...]:
        draft = taking.draft
        own = draft.cells.get("legacy_number", "")
        told = Json(dict(draft.told))
        return (hazard.pk, self.job.pk, draft.row.number, taking.key, taking.content, own, told)

    def _steps(self, taking: Taking, hazard: Hazard) -> Iterator[tuple[Any, ...]]:
        """What the ledger tells, and at the end that it was taken over from it, when and by whom."""
        draft, state = taking.draft, State.REPORTED.value
        due_on = None if hazard.due_on == NO_DEADLINE else hazard.due_on
        yield (hazard.pk, "told_found", "", state, hazard.found_at, None, None, "", due_on, 1)
        if hazard.closed_at is not None:
            note = draft.told.get("conclusion", "")
            yield (
                hazard.pk,
                "told_closed",
                state,
                State.CLOSED,
                hazard.closed_at,
                None,
                None,
                note,
                due_on,
                1,
            )
            state = State.CLOSED.value
        note = " · ".join(part for part in (self.job.original_name, draft.cells.get("legacy_number")) if part)
        who = (self.job.created_by_id, self.job.acting_post_id)
        yield (hazard.pk, "import", state, hazard.state, self.now, *who, note, due_on, 1)


def _basis(taking: Taking) -> str:
    """The article that makes it major, or the ledger's own word for its class: it names no other reason."""
    cells = taking.draft.cells
    return cells.get("basis") or cells["grade"]
