"""Writing imported hazards set by set: the hazards, their rows of the ledger, timelines, and what is owed.

The one place beside `hazards.services.report` where hazards come into being. They come in the state that
the ledger tells; from then on they go through the one door like every other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType

from hazards.choices import ORDER_LABEL, Category, Grade, Owed, Road, Source, State
from hazards.ledger.models import LedgerRow
from hazards.models import NO_DEADLINE, TITLE_LENGTH, Hazard, Step
from hazards.numbers import next_numbers
from hazards.services.reporting import NUMBER_PREFIX
from responsibility.alerts.ladder import first_look
from responsibility.calendars import services as calendar
from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.models import Obligation
from safegrid.accounts.models import Involvement
from safegrid.grid.models import ImportJob
from safegrid.kernel import clock
from safegrid.kernel.copying import copy_create

if TYPE_CHECKING:
    from hazards.ledger.importer import Taking

#: By which rule somebody owes what a hazard waits for, in the state in which it is taken over.
WAITS_FOR = {
    State.REPORTED: (Owed.DECIDE, "decide"),
    State.GRADED: (Owed.DECIDE, "decide"),
    State.TO_ACCEPT: (Owed.ACCEPT, "reinspect"),
    State.TO_CONFIRM: (Owed.CONFIRM, "confirm"),
}
CATEGORIES = {"fire": Category.FIRE, "gas": Category.GAS}


class Deadlines:
    """Deadlines by rule, each asked for once: from the day of the import, for none was given before."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self._known: dict[str, tuple[DeadlinePolicy, dt.datetime]] = {}

    def of(self, code: str) -> tuple[DeadlinePolicy, dt.datetime]:
        """Return the rule `code` and when it is over. Raises Refused when none is laid down."""
        if code not in self._known:
            self._known[code] = calendar.deadline(code, now=self.now)
        return self._known[code]

    def rectification(self, grade: str) -> tuple[DeadlinePolicy, dt.datetime]:
        """Return the rule for a rectification whose deadline the ledger does not tell."""
        return self.of(f"ledger_{grade}")

    def day(self, grade: str) -> dt.date:
        """Return the last day of such a rectification."""
        return clock.last_day(self.rectification(grade)[1])


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
        copy_create(LedgerRow, [self._row(each, hazard) for each, hazard in pairs])
        copy_create(Step, [step for each, hazard in pairs for step in self._steps(each, hazard)])
        copy_create(Obligation, [owed for each, hazard in pairs for owed in self._owed(each, hazard)])
        copy_create(Involvement, [self._ordered(h) for h in hazards if h.is_open and h.ordered_by_id])
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
            category=draft.category or CATEGORIES.get(taking.matter.code, Category.FACILITY),
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

    def _row(self, taking: Taking, hazard: Hazard) -> LedgerRow:
        draft = taking.draft
        return LedgerRow(
            hazard=hazard,
            job=self.job,
            number=draft.row.number,
            key=taking.key,
            content=taking.content,
            legacy_number=draft.cells.get("legacy_number", ""),
            told=dict(draft.told),
        )

    def _steps(self, taking: Taking, hazard: Hazard) -> list[Step]:
        """What the ledger tells, and at the end that it was taken over from it, when and by whom."""
        due_on = None if hazard.due_on == NO_DEADLINE else hazard.due_on
        steps = [
            Step(
                hazard=hazard, action="told_found", to_state=State.REPORTED, at=hazard.found_at, due_on=due_on
            )
        ]
        if hazard.closed_at is not None:
            note = taking.draft.told.get("conclusion", "")
            steps.append(
                Step(
                    hazard=hazard,
                    action="told_closed",
                    from_state=State.REPORTED,
                    to_state=State.CLOSED,
                    at=hazard.closed_at,
                    note=note,
                    due_on=due_on,
                )
            )
        own = taking.draft.cells.get("legacy_number", "")
        steps.append(
            Step(
                hazard=hazard,
                action="import",
                from_state=steps[-1].to_state,
                to_state=hazard.state,
                at=self.now,
                actor_id=self.job.created_by_id,
                acting_post_id=self.job.acting_post_id,
                note=" · ".join(part for part in (self.job.original_name, own) if part),
                due_on=due_on,
            )
        )
        return steps

    def _owed(self, taking: Taking, hazard: Hazard) -> list[Obligation]:
        """What somebody owes now, so that it is followed."""
        if not hazard.is_open:
            return []
        if hazard.state == State.RECTIFYING:
            policy = None if taking.draft.due_on else self.deadlines.rectification(hazard.grade)[0]
            rows = [self._obligation(taking, hazard, Owed.RECTIFY, hazard.due_at, policy)]
            if hazard.is_major and hazard.road == Road.ORDERED:
                policy, due_at = self.deadlines.of("major_plan")
                rows.append(self._obligation(taking, hazard, Owed.PLAN, due_at, policy))
            return rows
        kind, code = WAITS_FOR[State(hazard.state)]
        policy, due_at = self.deadlines.of(code)
        return [self._obligation(taking, hazard, kind, due_at, policy)]

    def _obligation(
        self,
        taking: Taking,
        hazard: Hazard,
        kind: Owed,
        due_at: dt.datetime | None,
        policy: DeadlinePolicy | None,
    ) -> Obligation:
        """What was due before the import is late from the start; rungs that are past stay silent."""
        assert due_at is not None  # noqa: S101 (the database refuses a rectification without)
        by_enterprise = kind in (Owed.RECTIFY, Owed.PLAN, Owed.CONFIRM)
        due_on = clock.last_day(due_at)
        rung, next_look_at = first_look(due_at, now=self.now, is_major=hazard.is_major)
        return Obligation(
            kind=kind,
            subject_type=ContentType.objects.get_for_model(Hazard),
            subject_id=hazard.pk,
            site=hazard.site,
            enterprise_id=hazard.enterprise_id,
            matter=hazard.matter,
            industry_id=hazard.industry_id,
            debtor_enterprise_id=hazard.enterprise_id if by_enterprise else None,
            debtor_post=None if by_enterprise else taking.orderer,
            creditor_post=taking.orderer if by_enterprise else None,
            opened_at=min(self.now, due_at),
            due_at=due_at,
            due_on=due_on,
            original_due_on=due_on,
            policy=policy,
            next_look_at=next_look_at,
            rung=rung,
            is_major=hazard.is_major,
            label=ORDER_LABEL if hazard.state == State.GRADED else kind,
            params={"number": hazard.number, "title": hazard.title},
            **hazard.place_ids,
        )

    def _ordered(self, hazard: Hazard) -> Involvement:
        """Let the post that accepts it reach it, whatever its scopes become."""
        return Involvement(
            subject_type=ContentType.objects.get_for_model(Hazard),
            subject_id=hazard.pk,
            post=hazard.ordered_by,
            role="ordered",
            since=self.now,
            is_outside=False,
        )


def _basis(taking: Taking) -> str:
    """The article that makes it major, or the ledger's own word for its class: it names no other reason."""
    cells = taking.draft.cells
    return cells.get("basis") or cells["grade"]
