"""After any walk through the lifecycle, what is owed, the timeline and the ledger agree with the state."""

import datetime as dt
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hazards.choices import AT_ONCE, OPEN, ExtensionState, Grade, Owed, Road, State
from hazards.lifecycle import MACHINE, Actor, actor_for
from hazards.models import Extension, Hazard, MajorReport, RectificationPlan, SpotCheck
from hazards.sharing import must_be_shared, share_late
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.grid.counts import differences
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused
from tests.hazards.conftest import Play

ACTIONS = sorted({move.action for move in MACHINE})
MEASURES = sorted(AT_ONCE)
PEOPLE = ["inspector", "inspector2", "enterprise", "principal", "chengdong", "gridofficer"]


#: What is owed first in each state.
WAITS_FOR = {
    State.REPORTED: Owed.DECIDE,
    State.GRADED: Owed.DECIDE,
    State.RECTIFYING: Owed.RECTIFY,
    State.TO_ACCEPT: Owed.ACCEPT,
    State.TO_CONFIRM: Owed.CONFIRM,
}


def owed_in(hazard: Hazard) -> set[str]:
    """What must be owed about a hazard as it stands: a twin of the services, written from the rules."""
    found = set()
    if hazard.state != State.CANCELLED and SpotCheck.objects.filter(hazard=hazard, checked_at=None).exists():
        found.add(Owed.CHECK)
    if hazard.state not in OPEN:
        return found
    found.add(WAITS_FOR[hazard.state])
    if hazard.site_measures.filter(kind="suspend", lifted_at=None).exclude(asked_at=None).exists():
        found.add(Owed.RESUME)
    is_in_hand = hazard.state in (State.RECTIFYING, State.TO_ACCEPT, State.TO_CONFIRM)
    if is_in_hand and hazard.is_major and not MajorReport.objects.filter(hazard=hazard).exists():
        found.add(Owed.TELL)
    if hazard.is_major and hazard.road == Road.SELF:
        found.add(Owed.DECIDE)  # whether to step in
    if hazard.state != State.RECTIFYING:
        return found
    if hazard.grade == Grade.MAJOR and not RectificationPlan.objects.filter(hazard=hazard).exists():
        found.add(Owed.PLAN)
    if Extension.objects.filter(hazard=hazard, state=ExtensionState.ASKED).exists():
        found.add(Owed.EXTENSION)
    return found


class Walk(RuleBasedStateMachine):
    """Anybody tries anything, while days pass."""

    play: Play
    reached: ClassVar[set[str]] = set()
    acted: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.now = self.play.now
        self.hazard: Hazard | None = None

    def teardown(self) -> None:
        assert verify() == []
        assert differences() == []  # what is summed is what the slow query says
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @rule(start=st.sampled_from(["found", "own", "fixed", "ordered", "rectified", "drawn"]))
    def begin(self, start: str) -> None:
        """Another hazard takes the place of one that is over."""
        if self.hazard is not None and self.hazard.state in OPEN:
            return
        self.play.now = self.now
        self.hazard = self.play.own(fixed=True) if start == "fixed" else getattr(self.play, start)()

    @rule(days=st.integers(0, 6))
    def wait(self, days: int) -> None:
        """Days pass, and what became late is shared."""
        self.now += dt.timedelta(days=days)
        share_late(self.now)
        if self.hazard is not None:
            self.hazard.refresh_from_db()

    @rule(data=st.data(), days=st.integers(0, 12), grade=st.sampled_from(Grade.values))
    def go_on(self, data: st.DataObject, days: int, grade: str) -> None:
        """Somebody does one of the things that they are offered."""
        if self.hazard is None or self.hazard.state == State.CANCELLED:
            return
        offered = [
            (offer.move.action, by)
            for by in PEOPLE
            for offer in MACHINE.offers(self.hazard, self.actor(by))
            if offer.allowed
        ]
        if not offered:
            return  # closed by the enterprise itself: nobody's any longer
        action, by = data.draw(st.sampled_from(sorted(offered)))
        self.attempt(action, by, days, grade)

    def actor(self, by: str) -> Actor:
        """Somebody of the cast, now."""
        return actor_for(self.hazard, self.play.person(by), self.play.posts[by], now=self.now)

    @rule(
        action=st.sampled_from(ACTIONS),
        by=st.sampled_from(PEOPLE),
        days=st.integers(-2, 12),
        grade=st.sampled_from(Grade.values),
    )
    def act(self, action: str, by: str, days: int, grade: str) -> None:
        """Somebody tries anything."""
        if self.hazard is not None:
            self.attempt(action, by, days, grade)

    def attempt(self, action: str, by: str, days: int, grade: str) -> None:
        """What is refused changes nothing; what is done is one version, one step, one entry."""
        self.play.now = self.now
        day = clock.local_date(self.now) + dt.timedelta(days=days)
        before, before_shared = self.trace(), self.hazard.is_shared
        try:
            with transaction.atomic():
                self.hazard = self.play.act(
                    self.hazard,
                    action,
                    by,
                    due_on=day,
                    plan_due_on=day,
                    grade=grade,
                    major_basis="第三条" if grade == Grade.MAJOR else "",
                    measure=MEASURES[days % len(MEASURES)],
                    title=f"疏散通道被堵塞{days}",
                )
        except (Refused, NotAllowed, Invalid):
            assert self.trace() == before
        else:
            assert self.trace() == (before[0] + 1, before[1] + 1, before[2] + 1)
            assert self.hazard.is_shared >= before_shared

    def trace(self) -> tuple[int, int, int]:
        """Version, steps and ledger entries of the hazard."""
        hazard = Hazard.objects.get(pk=self.hazard.pk)
        entries = Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").count()
        return hazard.version, hazard.steps.count(), entries

    @invariant()
    def agrees(self) -> None:
        """State, obligations and timeline say the same."""
        if self.hazard is None:
            return
        hazard = Hazard.objects.get(pk=self.hazard.pk)
        owed = {row.kind: row for row in about(hazard).open()}
        assert set(owed) == owed_in(hazard)
        assert about(hazard).open().count() == len(owed)
        assert {row.is_major for row in owed.values()} <= {hazard.is_major}
        assert {row.is_shared for row in about(hazard)} <= {hazard.is_shared}
        assert hazard.is_shared >= must_be_shared(hazard, self.now)
        if hazard.state == State.RECTIFYING:
            row = owed[Owed.RECTIFY]
            assert (row.due_at, row.due_on) == (hazard.due_at, hazard.due_on)
            assert row.creditor_post_id == hazard.ordered_by_id
            assert row.is_overdue(self.now) == hazard.is_overdue(self.now)
        steps = list(hazard.steps.all())
        assert steps[-1].to_state == hazard.state
        assert [s.from_state for s in steps[1:]] == [s.to_state for s in steps[:-1]]
        again = [s for s in steps if s.action in ("send_back", "reopen", "step_in", "regrade")]
        assert hazard.round == 1 + sum(s.from_state != State.RECTIFYING for s in again)
        assert (hazard.closed_at is not None) == (hazard.state == State.CLOSED)
        if hazard.road == Road.ORDERED and hazard.state in (State.RECTIFYING, State.TO_ACCEPT):
            assert hazard.ordered_by_id is not None
        in_force = set(hazard.site_measures.filter(lifted_at=None).values_list("kind", flat=True))
        if hazard.state not in OPEN:
            assert in_force == set()
        if hazard.state == State.CLOSED:
            met = about(hazard).filter(kind=Owed.RECTIFY, outcome=Outcome.MET).order_by("pk").last()
            assert hazard.days_late == (met.days_late if met else 0)
        self.reached |= {step.to_state for step in steps}
        self.acted |= {step.action for step in steps}


@pytest.mark.usefixtures("db")
def test_state_obligations_timeline_and_ledger_agree_after_any_walk(play):
    Walk.play = play
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Walk.reached >= set(OPEN) | {State.CLOSED}
