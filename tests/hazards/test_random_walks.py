"""After any walk through the lifecycle, what is owed, the timeline and the ledger agree with the state."""

import datetime as dt
import os
from collections.abc import Callable
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hazards.choices import AT_ONCE, OPEN, ExtensionState, Grade, Owed, Road, State
from hazards.lifecycle import MACHINE, Actor, actor_for
from hazards.models import NO_DEADLINE, Extension, Hazard, MajorReport, RectificationPlan, SpotCheck
from hazards.sharing import must_be_shared, share_late
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from safegrid.accounts.choices import PostKind
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.files.choices import Role
from safegrid.files.models import Evidence
from safegrid.grid.choices import Size
from safegrid.grid.counts import differences
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused
from tests.hazards.conftest import Play
from tests.hazards.ledgers import HEAD, brought, row
from tests.hazards.rows import everything

ACTIONS = sorted({move.action for move in MACHINE})
MEASURES = sorted(AT_ONCE)
ABLE = ["inspector", "enterprise", "market", "principal", "inspector2", "supervisor"]
PEOPLE = [*ABLE, "chengdong", "gridofficer"]


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


def fixed_by_the_owner(play: Play) -> Hazard:
    """Fixed by the owner of a very small enterprise, who may confirm it alone."""
    Enterprise.objects.update(size=Size.MICRO)
    return play.own("principal", fixed=True)


def found_again(play: Play) -> Hazard:
    """Ordered, though the same is open at the site."""
    play.found()
    return play.ordered()


def taken_over(play: Play, **cells: str) -> Hazard:
    """Taken over from the ledger of an office, as `cells` have it."""
    number = Hazard.objects.count()
    brought(play.cast, [[*HEAD, "场所"], [*row(number, **cells), play.cast.city.hotel.name]], now=play.now)
    return Hazard.objects.latest("pk")


Starts = dict[str, Callable[[Play], Hazard]]
#: How a walk begins, by the two roads: both are gone, whatever is drawn.
ORDERED: Starts = {
    "found": lambda play: play.found(),
    "ordered": lambda play: play.ordered(),
    "major": lambda play: play.ordered(grade=Grade.MAJOR),
    "rectified": lambda play: play.rectified(),
    "found again": found_again,
    "more time asked": lambda play: play.act(play.ordered(), "ask_extension", "enterprise"),
    "resumption asked": lambda play: play.play(
        play.ordered(), [("suspend", "inspector"), ("ask_resume", "enterprise")]
    ),
    "open in a ledger": taken_over,
    "closed in a ledger": lambda play: taken_over(play, due="2026.11.10", state="√", closed="2026.11.20"),
    "major in a ledger": lambda play: taken_over(play, grade="重大"),
    "major, to be looked at, in a ledger": lambda play: taken_over(play, grade="重大", state="待复查"),
    "major, closed in a ledger": lambda play: taken_over(
        play, grade="重大", due="2026.11.10", state="√", closed="2026.11.20"
    ),
}
OWN: Starts = {
    "planned": lambda play: play.own(),
    "fixed": lambda play: play.own(fixed=True),
    "fixed by the owner": fixed_by_the_owner,
    "drawn": lambda play: play.drawn(),
    "late": lambda play: play.late(),
    "called major": lambda play: play.act(play.own(), "call_major", "enterprise", major_basis="第三条"),
}


def lateness(at: dt.datetime, due_on: dt.date) -> int:
    """Local days after the day on which it was due; negative before."""
    return (clock.local_date(at) - due_on).days


class Walk(RuleBasedStateMachine):
    """Anybody tries anything, while days pass."""

    play: Play
    starts: ClassVar[Starts]
    reached: ClassVar[set[str]] = set()
    acted: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.now = self.play.now
        self.hazard: Hazard | None = None
        self.late: int | None = None  # by how many days it was submitted late in this round

    def teardown(self) -> None:
        assert verify() == []
        assert differences() == []  # what is summed is what the slow query says
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """It begins with a hazard."""
        self.play.now = self.now
        start = self.starts[data.draw(st.sampled_from(sorted(self.starts)))]
        self.hazard = Hazard.objects.get(pk=start(self.play).pk)
        self.now = self.play.now
        last = self.hazard.steps.filter(action="submit").last()
        self.late = self.hazard.days_late if last is None else lateness(last.at, last.due_on)

    @precondition(lambda self: self.hazard.state not in OPEN)
    @rule(data=st.data())
    def go_on_with_another(self, data: st.DataObject) -> None:
        """Another hazard takes the place of one that is over."""
        self.begin(data)

    @rule(days=st.integers(0, 4))
    def wait(self, days: int) -> None:
        """Days pass, and what became late is shared."""
        self.now += dt.timedelta(days=days)
        share_late(self.now)
        self.hazard.refresh_from_db()

    @precondition(lambda self: self.hazard.state != State.CANCELLED)
    @rule(data=st.data(), days=st.integers(0, 30), grade=st.sampled_from(Grade.values))
    def go_on(self, data: st.DataObject, days: int, grade: str) -> None:
        """Somebody does one of the things that are offered to them."""
        first = data.draw(st.integers(0, len(ABLE) - 1))
        for by in ABLE[first:] + ABLE[:first]:
            offers = MACHINE.offers(self.hazard, self.actor(by))
            if offered := sorted({offer.move.action for offer in offers if offer.allowed}):
                action = data.draw(st.sampled_from(offered))
                days = data.draw(st.integers(0, 3)) if action == "plan" else days
                self.attempt(action, by, days, grade)
                return  # else it was closed by the enterprise itself: nobody's any longer

    @precondition(lambda self: self.hazard.state != State.CANCELLED)
    @rule(data=st.data(), days=st.integers(0, 30), grade=st.sampled_from(Grade.values))
    def go_further(self, data: st.DataObject, days: int, grade: str) -> None:
        """Twice as often as anything else."""
        self.go_on(data, days, grade)

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
        self.attempt(action, by, days, grade)

    def attempt(self, action: str, by: str, days: int, grade: str) -> None:
        """What is refused changes nothing; what is done is one version, one step, one entry."""
        self.play.now = self.now
        day = clock.local_date(self.now) + dt.timedelta(days=days)
        before, rows = self.trace(), everything()
        due_on, round_, was_shared = self.hazard.due_on, self.hazard.round, self.hazard.is_shared
        try:  # without a savepoint of the walk's own: nobody but the act undoes what it began
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
            assert everything() == rows
            return
        assert self.trace() == (before[0] + 1, before[1] + 1, before[2] + 1)
        assert self.hazard.is_shared >= was_shared
        if action == "submit" or (action == "fixed_at_once" and due_on != NO_DEADLINE):
            self.late = lateness(self.now, due_on)
        elif self.hazard.round != round_:
            self.late = None

    def trace(self) -> tuple[int, int, int]:
        """Version, steps and ledger entries of the hazard."""
        hazard = Hazard.objects.get(pk=self.hazard.pk)
        entries = Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").count()
        return hazard.version, hazard.steps.count(), entries

    @invariant()
    def agrees(self) -> None:
        """State, obligations and timeline say the same."""
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
        self.reached |= {step.to_state for step in steps}
        self.acted |= {step.action for step in steps}

    @invariant()
    def is_accepted_before_it_is_closed(self) -> None:
        """Closed means accepted by another than who fixed it, on a photo of its round; or a ledger has it."""
        hazard = Hazard.objects.get(pk=self.hazard.pk)
        if hazard.state != State.CLOSED:
            return
        ending = hazard.steps.filter(to_state=State.CLOSED).exclude(from_state=State.CLOSED).last()
        assert ending.action in ("accept", "confirm", "fixed_at_once", "told_closed")
        if ending.action == "told_closed":
            return
        shown = Evidence.objects.filter(subject_type__model="hazard", subject_id=hazard.pk, role=Role.AFTER)
        assert shown.filter(round=hazard.round).exists()
        if ending.action != "confirm":
            assert ending.acting_post.unit_id == hazard.ordering_unit_id
        is_owner = ending.acting_post.kind == PostKind.PRINCIPAL and hazard.enterprise.size == Size.MICRO
        assert ending.actor_id != hazard.fixed_by_id or (ending.action == "confirm" and is_owner)

    @invariant()
    def days_add_up(self) -> None:
        """How late it was is counted from the deadline in force; the first deadline stays for ever."""
        hazard = Hazard.objects.get(pk=self.hazard.pk)
        if hazard.state == State.CLOSED:
            assert hazard.days_late == (self.late or 0)  # what nobody submitted in this round was not late
            met = about(hazard).filter(kind=Owed.RECTIFY, outcome=Outcome.MET).order_by("pk").last()
            at_once = hazard.steps.filter(action="fixed_at_once").exists()  # that meets no order
            assert at_once or None in (met, self.late) or met.days_late == hazard.days_late
        else:
            assert hazard.days_late == self.late
        days = hazard.steps.exclude(due_on=None).values_list("due_on", flat=True)
        assert hazard.original_due_on == days.first()
        assert hazard.due_on == (days.last() or NO_DEADLINE)


#: Other walks each time; where a change is judged, the same ones, so that it is judged by what it changes.
HABITS = settings(
    max_examples=8,
    stateful_step_count=40,
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.usefixtures("db")
def test_state_obligations_timeline_and_ledger_agree_after_any_walk(crowd):
    """Drawn anew each time: what one run does not come upon, another does."""
    Walk.play = crowd
    Walk.reached, Walk.acted = set(), set()
    for starts in (ORDERED, OWN):
        Walk.starts = starts
        run_state_machine_as_test(Walk, settings=HABITS)
    assert Walk.reached >= set(OPEN) | {State.CLOSED}
    assert len(Walk.acted & set(ACTIONS)) > len(ACTIONS) / 2, set(ACTIONS) - Walk.acted
