"""What imported hazards that are open ask of somebody, written together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib.contenttypes.models import ContentType

from hazards.choices import ORDER_LABEL, STEP_IN_LABEL, Owed, Road, State
from hazards.ledger.drafts import Draft
from hazards.models import Hazard
from responsibility.alerts.ladder import first_look
from responsibility.calendars import services as calendar
from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.models import Obligation
from safegrid.accounts.models import Involvement, Post
from safegrid.kernel import clock
from safegrid.kernel.copying import copy_create, copy_rows

#: By which rule somebody owes what a hazard waits for, in the state in which it is taken over.
WAITS_FOR = {
    State.REPORTED: (Owed.DECIDE, "decide"),
    State.GRADED: (Owed.DECIDE, "decide"),
    State.TO_ACCEPT: (Owed.ACCEPT, "reinspect"),
    State.TO_CONFIRM: (Owed.CONFIRM, "confirm"),
}
IN_HAND = (State.RECTIFYING, State.TO_ACCEPT, State.TO_CONFIRM)
OF_ENTERPRISES = (Owed.RECTIFY, Owed.PLAN, Owed.TELL, Owed.CONFIRM)
INVOLVED = ("subject_type_id", "subject_id", "post_id", "role", "since", "is_outside")


class Deadlines:
    """Deadlines by rule, each asked for once: from the day of the import, for none was given before."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self._known: dict[str, tuple[DeadlinePolicy, dt.datetime]] = {}
        self._looks: dict[tuple[dt.datetime, bool], tuple[int, dt.datetime | None]] = {}

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

    def look(self, due_at: dt.datetime, *, is_major: bool) -> tuple[int, dt.datetime | None]:
        """Return `first_look`: rungs of the ladder that have passed stay silent."""
        key = (due_at, is_major)
        if key not in self._looks:
            self._looks[key] = first_look(due_at, now=self.now, is_major=is_major)
        return self._looks[key]


class Owing:
    """Opens what is owed. What was due before the import is late from the start."""

    def __init__(self, now: dt.datetime, deadlines: Deadlines) -> None:
        self.now, self.deadlines = now, deadlines
        self.subject = ContentType.objects.get_for_model(Hazard)

    def write(self, found: Sequence[tuple[Post | None, Draft, Hazard]]) -> None:
        """Write what the open ones owe, and let the post that accepts each reach it whatever comes."""
        waiting = [each for each in found if each[2].is_open]
        copy_create(Obligation, [row for each in waiting for row in self._owed(*each)])
        about, now = self.subject.pk, self.now
        ordered = [hazard for _post, _draft, hazard in waiting if hazard.ordered_by_id]
        copy_rows(
            Involvement,
            INVOLVED,
            ((about, hazard.pk, hazard.ordered_by_id, "ordered", now, False) for hazard in ordered),
        )

    def _owed(self, officer: Post | None, draft: Draft, hazard: Hazard) -> Iterator[Obligation]:
        """Yield what a hazard as it stands asks of somebody; `officer` ordered it, or may step in."""
        is_own = hazard.road == Road.SELF
        asked: list[tuple[Owed, str]] = []
        if hazard.state == State.RECTIFYING:
            policy = None if draft.due_on else self.deadlines.rectification(hazard.grade)[0]
            orderer = None if is_own else officer
            yield self._obligation(orderer, hazard, Owed.RECTIFY, hazard.due_at, policy)
            asked += [(Owed.PLAN, "major_plan")] if hazard.is_major else []
        else:
            asked.append(WAITS_FOR[State(hazard.state)])
        if hazard.is_major and hazard.state in IN_HAND:
            asked.append((Owed.TELL, "major_tell"))
        if hazard.is_major and is_own and officer is not None:
            asked.append((Owed.DECIDE, "decide"))
        for kind, code in asked:
            policy, due_at = self.deadlines.of(code)
            orderer = officer if kind == Owed.DECIDE or not is_own else None
            yield self._obligation(orderer, hazard, kind, due_at, policy)

    def _obligation(
        self,
        orderer: Post | None,
        hazard: Hazard,
        kind: Owed,
        due_at: dt.datetime | None,
        policy: DeadlinePolicy | None,
    ) -> Obligation:
        assert due_at is not None  # noqa: S101 (the database refuses a rectification without)
        by_enterprise = kind in OF_ENTERPRISES
        due_on = clock.last_day(due_at)
        rung, next_look_at = self.deadlines.look(due_at, is_major=hazard.is_major)
        return Obligation(
            kind=kind,
            subject_type=self.subject,
            subject_id=hazard.pk,
            site_id=hazard.site_id,
            enterprise_id=hazard.enterprise_id,
            matter_id=hazard.matter_id,
            industry_id=hazard.industry_id,
            debtor_enterprise_id=hazard.enterprise_id if by_enterprise else None,
            debtor_post=None if by_enterprise else orderer,
            creditor_post=orderer if by_enterprise else None,
            opened_at=min(self.now, due_at),
            due_at=due_at,
            due_on=due_on,
            original_due_on=due_on,
            policy=policy,
            next_look_at=next_look_at,
            rung=rung,
            is_major=hazard.is_major,
            label=_label(kind, hazard),
            params={"number": hazard.number, "title": hazard.title},
            **hazard.place_ids,
        )


def _label(kind: Owed, hazard: Hazard) -> str:
    """Return how a to-do list words what is owed."""
    if kind == Owed.DECIDE and hazard.road == Road.SELF:
        return STEP_IN_LABEL
    return ORDER_LABEL if hazard.state == State.GRADED else kind
