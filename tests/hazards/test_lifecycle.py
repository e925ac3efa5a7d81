"""Every action in every state, tried by everybody: exactly those succeed whom the table names."""

from collections.abc import Callable

import pytest
from django.db import transaction

from hazards.choices import AT_ONCE, Grade, Road, Source, State
from hazards.forms import ActForm
from hazards.lifecycle import MACHINE, actor_for
from hazards.listed.services import list_hazard
from hazards.models import Hazard
from hazards.services.effects import EFFECTS
from hazards.services.spot_checking import draw
from hazards.wording import DONE, NOTE
from safegrid.accounts.models import User
from safegrid.files.forms import Intake
from safegrid.files.models import Evidence
from safegrid.grid.choices import Size
from safegrid.grid.models import Enterprise
from safegrid.kernel.refusals import NotAllowed, Refused
from tests.hazards.conftest import DAY, Play
from tests.hazards.rows import everything

ACTIONS = sorted({move.action for move in MACHINE})
#: Steps that no action of the table makes: registering, a transfer, a drawing, what an imported ledger tells.
ELSEWHERE = {"report", "grade_again", "transfer", "draw", "absorb", "told_found", "told_closed", "import"}
OFFICERS = {"inspector", "inspector2"}  # of the area, and of the body that ordered it
AREA = OFFICERS | {"market", "supervisor"}  # and of other bodies, in the same area
STAFF = {"enterprise", "principal"}

#: Beside the way of an order: what is done at once, suspension of work, a paper order, a slip set right.
FOUND = {"take_measure": AREA, "correct": {"inspector"}}
GRADED = FOUND | {"suspend": AREA}
ORDERED = FOUND | {"suspend": OFFICERS, "attach_paper": OFFICERS, "regrade": OFFICERS}
MAJOR = ORDERED | {"tell_major": STAFF}
TOLD = ORDERED | {"correct_told": STAFF}
RESTS = {k: v for k, v in ORDERED.items() if k != "suspend"}
#: Before an order, while work is not suspended: it is put right in front of the officer.
AT_ONE_LOOK = {"fixed_at_once": AREA}
OWN = {"correct": {"enterprise"}}
#: Of its own that is in hand, and general.
PLANNED = OWN | {"call_major": STAFF}


def without_photo(play: Play) -> Hazard:
    hazard = play.rectified()
    Evidence.objects.all().delete()
    return hazard


def owner_alone(play: Play) -> Hazard:
    """A very small enterprise whose owner fixed it."""
    Enterprise.objects.update(size=Size.MICRO)
    return Hazard.objects.get(pk=play.own("principal", fixed=True).pk)


def overdue(play: Play) -> Hazard:
    """Ordered to be rectified by yesterday."""
    hazard = play.ordered(days=1)
    play.now += 2 * DAY
    return hazard


def measured(play: Play) -> Hazard:
    """Ordered, with every measure taken that there is."""
    hazard = play.ordered()
    for kind in AT_ONCE:
        play.act(hazard, "take_measure", "inspector", measure=kind)
    return Hazard.objects.get(pk=hazard.pk)


def planned_and_drawn(play: Play) -> Hazard:
    """Planned by the enterprise, and drawn for a check while it is in time."""
    hazard = play.own()
    draw(number=1, actor=play.cast.bureau, acting_post=play.posts["bureau"], now=play.now)
    return Hazard.objects.get(pk=hazard.pk)


def major(play: Play) -> Hazard:
    return play.ordered(grade=Grade.MAJOR)


def overdue_major(play: Play) -> Hazard:
    """Ordered to be rectified by yesterday, and never planned."""
    hazard = play.ordered(days=1, grade=Grade.MAJOR)
    play.now += 2 * DAY
    return hazard


def graded_major(play: Play) -> Hazard:
    return play.act(play.found(), "grade", "inspector", grade=Grade.MAJOR, major_basis="判定标准第三条")


def patrolled(play: Play) -> Hazard:
    """Found on a patrol of the cell; an officer has to decide."""
    return play.found("gridofficer", source=Source.PATROL, decides=play.posts["inspector"])


def listed(play: Play, hazard: Hazard) -> Hazard:
    """Put on the list of the city's committee office."""
    who = {"actor": play.cast.bureau, "acting_post": play.posts["bureau"], "now": play.now}
    list_hazard(hazard=hazard, level="city", **who)
    return Hazard.objects.get(pk=hazard.pk)


def called_major(play: Play) -> Hazard:
    """Planned by the enterprise, which then says that it is major."""
    return play.act(play.own(), "call_major", "enterprise", major_basis="判定标准第三条")


#: How a hazard comes to stand so → (state, action → who may).
SITUATIONS: dict[str, tuple[Callable[[Play], Hazard], State, dict[str, set[str]]]] = {
    "found by an inspection": (
        lambda play: play.found(),
        State.REPORTED,
        FOUND | AT_ONE_LOOK | {"grade": AREA, "cancel": AREA},
    ),
    "graded": (
        lambda play: play.act(play.found(), "grade", "inspector"),
        State.GRADED,
        GRADED | AT_ONE_LOOK | {"grade": AREA, "order": AREA, "cancel": AREA},
    ),
    "ordered": (
        lambda play: play.ordered(),
        State.RECTIFYING,
        ORDERED | {"submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS},
    ),
    "ordered, and overdue": (
        overdue,
        State.RECTIFYING,
        ORDERED | {"submit": STAFF, "cancel": OFFICERS},
    ),
    "extension asked": (
        lambda play: play.act(play.ordered(), "ask_extension", "enterprise"),
        State.RECTIFYING,
        ORDERED
        | {"submit": STAFF, "grant_extension": OFFICERS, "deny_extension": OFFICERS, "cancel": OFFICERS},
    ),
    "major, without plan": (
        major,
        State.RECTIFYING,
        MAJOR | {"plan": STAFF, "ask_extension": STAFF, "cancel": OFFICERS},
    ),
    "major, with plan": (
        lambda play: play.act(major(play), "plan", "principal"),
        State.RECTIFYING,
        MAJOR | {"revise_plan": STAFF, "submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS},
    ),
    "major, without plan, and overdue": (
        overdue_major,
        State.RECTIFYING,
        MAJOR | {"plan": STAFF, "cancel": OFFICERS},
    ),
    "major, planned and reported": (
        lambda play: play.play(major(play), [("plan", "principal"), ("tell_major", "principal")]),
        State.RECTIFYING,
        TOLD | {"revise_plan": STAFF, "submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS},
    ),
    "rectified": (
        lambda play: play.rectified(),
        State.TO_ACCEPT,
        ORDERED | {"accept": OFFICERS, "send_back": OFFICERS},
    ),
    "rectified, its photo gone": (without_photo, State.TO_ACCEPT, ORDERED | {"send_back": OFFICERS}),
    "planned by the enterprise": (
        lambda play: play.own(),
        State.RECTIFYING,
        PLANNED | {"submit": STAFF, "cancel": STAFF},
    ),
    "planned by the enterprise, and called major": (
        called_major,
        State.RECTIFYING,
        OWN | {"plan": STAFF, "tell_major": STAFF, "cancel": STAFF, "step_in": AREA},
    ),
    "called major by the enterprise, and put right by its plan": (
        lambda play: play.play(called_major(play), [("plan", "enterprise"), ("submit", "enterprise")]),
        State.TO_CONFIRM,
        OWN
        | {"confirm": {"principal"}, "send_back": {"principal"}, "cancel": {"principal"}}
        | {"tell_major": STAFF, "step_in": AREA},
    ),
    "called major by the enterprise, reported, and put right by its plan": (
        lambda play: play.play(
            called_major(play),
            [("tell_major", "principal"), ("plan", "enterprise"), ("submit", "enterprise")],
        ),
        State.TO_CONFIRM,
        OWN
        | {"confirm": {"principal"}, "send_back": {"principal"}, "cancel": {"principal"}}
        | {"correct_told": STAFF, "step_in": AREA},
    ),
    "planned by the enterprise, and late": (
        lambda play: play.late(),
        State.RECTIFYING,
        PLANNED | {"submit": STAFF, "cancel": STAFF, "step_in": AREA},
    ),
    "fixed on the spot": (
        lambda play: play.own(fixed=True),
        State.TO_CONFIRM,
        OWN
        | {
            "confirm": {"principal"},
            "send_back": {"principal"},
            "cancel": {"principal"},
        },
    ),
    "fixed on the spot, and drawn": (
        lambda play: play.drawn(),
        State.TO_CONFIRM,
        OWN
        | {
            "confirm": {"principal"},
            "send_back": {"principal"},
            "cancel": {"principal"},
            "step_in": AREA,
            "spot_check": AREA,
        },
    ),
    "fixed by the owner of a very small enterprise": (
        owner_alone,
        State.TO_CONFIRM,
        {"correct": {"principal"}} | {"confirm": STAFF, "send_back": STAFF, "cancel": STAFF},
    ),
    "ordered, every measure in force": (
        measured,
        State.RECTIFYING,
        {k: v for k, v in ORDERED.items() if k != "take_measure"}
        | {"submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS, "lift_measure": OFFICERS},
    ),
    "ordered, work suspended": (
        lambda play: play.act(play.ordered(), "suspend", "inspector"),
        State.RECTIFYING,
        RESTS | {"submit": STAFF, "ask_extension": STAFF, "ask_resume": STAFF},
    ),
    "ordered, resumption asked": (
        lambda play: play.play(play.ordered(), [("suspend", "inspector"), ("ask_resume", "enterprise")]),
        State.RECTIFYING,
        RESTS
        | {"submit": STAFF, "ask_extension": STAFF, "consent_resume": OFFICERS, "refuse_resume": OFFICERS},
    ),
    "rectified, work suspended": (
        lambda play: play.act(play.rectified(), "suspend", "inspector2"),
        State.TO_ACCEPT,
        RESTS | {"send_back": OFFICERS, "ask_resume": STAFF},
    ),
    "rectified, resumption asked": (
        lambda play: play.play(play.rectified(), [("suspend", "inspector"), ("ask_resume", "principal")]),
        State.TO_ACCEPT,
        RESTS | {"send_back": OFFICERS, "consent_resume": OFFICERS, "refuse_resume": OFFICERS},
    ),
    "rectified, a measure in force": (
        lambda play: play.act(play.rectified(), "take_measure", "inspector", measure="seal"),
        State.TO_ACCEPT,
        ORDERED | {"accept": OFFICERS, "send_back": OFFICERS, "lift_measure": OFFICERS},
    ),
    "rectified, major, not reported": (
        lambda play: play.play(major(play), [("plan", "principal"), ("submit", "enterprise")]),
        State.TO_ACCEPT,
        MAJOR | {"accept": OFFICERS, "send_back": OFFICERS},
    ),
    "rectified, major, and reported": (
        lambda play: play.play(
            major(play), [("tell_major", "principal"), ("plan", "principal"), ("submit", "enterprise")]
        ),
        State.TO_ACCEPT,
        TOLD | {"accept": OFFICERS, "send_back": OFFICERS},
    ),
    "graded, work suspended, resumption asked": (
        lambda play: play.play(
            play.found(), [("grade", "inspector"), ("suspend", "inspector"), ("ask_resume", "enterprise")]
        ),
        State.GRADED,
        FOUND | {"grade": AREA, "order": AREA, "consent_resume": AREA, "refuse_resume": AREA},
    ),
    "graded, work suspended": (
        lambda play: play.play(play.found(), [("grade", "inspector"), ("suspend", "inspector")]),
        State.GRADED,
        FOUND | {"grade": AREA, "order": AREA, "ask_resume": STAFF},
    ),
    "graded, a measure in force": (
        lambda play: play.play(play.found(), [("take_measure", "inspector"), ("grade", "inspector")]),
        State.GRADED,
        GRADED | AT_ONE_LOOK | {"grade": AREA, "order": AREA, "cancel": AREA, "lift_measure": AREA},
    ),
    "found, a measure in force": (
        lambda play: play.act(play.found(), "take_measure", "inspector"),
        State.REPORTED,
        FOUND | AT_ONE_LOOK | {"grade": AREA, "cancel": AREA, "lift_measure": AREA},
    ),
    "closed": (
        lambda play: play.act(play.rectified(), "accept", "inspector2"),
        State.CLOSED,
        {"reopen": AREA},
    ),
    "confirmed": (
        lambda play: play.act(play.own(fixed=True), "confirm", "principal"),
        State.CLOSED,
        {},
    ),
    "confirmed, and drawn": (
        lambda play: play.act(play.drawn(), "confirm", "principal"),
        State.CLOSED,
        {"reopen": AREA, "spot_check": AREA},
    ),
    "confirmed, drawn and checked": (
        lambda play: play.play(play.drawn(), [("confirm", "principal"), ("spot_check", "inspector")]),
        State.CLOSED,
        {"reopen": AREA},
    ),
    "planned by the enterprise, and drawn": (
        planned_and_drawn,
        State.RECTIFYING,
        PLANNED | {"submit": STAFF, "cancel": STAFF, "step_in": AREA, "spot_check": AREA},
    ),
    "cancelled": (
        lambda play: play.act(play.found(), "cancel", "inspector"),
        State.CANCELLED,
        {},
    ),
    "found twice": (
        lambda play: [play.found(), play.found()][1],
        State.REPORTED,
        FOUND | AT_ONE_LOOK | {"grade": AREA, "cancel": AREA, "merge": AREA},
    ),
    "found twice, and graded": (
        lambda play: [play.found(), play.act(play.found(), "grade", "inspector")][1],
        State.GRADED,
        GRADED | AT_ONE_LOOK | {"grade": AREA, "order": AREA, "cancel": AREA, "merge": AREA},
    ),
    "found twice, and ordered": (
        lambda play: [play.found(), play.ordered()][1],
        State.RECTIFYING,
        ORDERED | {"submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS, "merge": OFFICERS},
    ),
    "found twice, and ordered, a measure in force": (
        lambda play: [play.found(), play.act(play.ordered(), "take_measure", "inspector")][1],
        State.RECTIFYING,
        ORDERED | {"submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS, "lift_measure": OFFICERS},
    ),
    "found twice, ordered, work suspended": (
        lambda play: [play.found(), play.act(play.ordered(), "suspend", "inspector")][1],
        State.RECTIFYING,
        RESTS | {"submit": STAFF, "ask_extension": STAFF, "ask_resume": STAFF},
    ),
    "planned by the enterprise, twice": (
        lambda play: [play.own(), play.own()][1],
        State.RECTIFYING,
        PLANNED | {"submit": STAFF, "cancel": STAFF, "merge": STAFF},
    ),
    "fixed on the spot, told twice": (
        lambda play: [play.own(fixed=True), play.own(fixed=True)][1],
        State.TO_CONFIRM,
        OWN | {"confirm": {"principal"}, "send_back": {"principal"}, "cancel": {"principal"}, "merge": STAFF},
    ),
    "entered by a grid officer": (
        lambda play: patrolled(play),
        State.REPORTED,
        FOUND | AT_ONE_LOOK | {"correct": {"gridofficer"}, "grade": AREA, "cancel": AREA},
    ),
    "entered by a grid officer, and ordered": (
        lambda play: play.act(
            play.act(patrolled(play), "grade", "inspector"), "order", "inspector", due_on=play.day(10)
        ),
        State.RECTIFYING,
        ORDERED | {"correct": {"gridofficer"}, "submit": STAFF, "ask_extension": STAFF, "cancel": OFFICERS},
    ),
    "ordered by another body of the district, and rectified": (
        lambda play: play.rectified(by="enterprise", ordered_by="market"),
        State.TO_ACCEPT,
        {"take_measure": AREA}
        | {
            action: {"market"}
            for action in ("correct", "suspend", "attach_paper", "regrade", "accept", "send_back")
        },
    ),
    "major, and listed": (
        lambda play: listed(play, major(play)),
        State.RECTIFYING,
        MAJOR | {"plan": STAFF, "ask_extension": STAFF},
    ),
    "graded as major, found twice, and listed": (
        lambda play: [play.found(), listed(play, graded_major(play))][1],
        State.GRADED,
        GRADED | {"grade": AREA, "order": AREA},
    ),
    "planned by the enterprise, twice, called major, and listed": (
        lambda play: [play.own(), listed(play, called_major(play))][1],
        State.RECTIFYING,
        OWN | {"plan": STAFF, "tell_major": STAFF, "step_in": AREA},
    ),
}


def fitting(hazard: Hazard, action: str) -> str:
    """A measure that is in force, to be lifted, or one that is not, to be taken."""
    in_force = set(hazard.site_measures.filter(lifted_at=None).values_list("kind", flat=True))
    return next((k for k in AT_ONCE if (k in in_force) == (action == "lift_measure")), AT_ONCE[0])


def attempt(play: Play, hazard: Hazard, action: str, by: str) -> str:
    """Try it and say what came of it: what is done is taken back, what is refused by nobody but the act."""
    with transaction.atomic():
        try:
            play.act(
                hazard,
                action,
                by,
                grade=Grade.MAJOR,
                major_basis="判定标准第三条",
                measure=fitting(hazard, action),
                responsible="王五",  # another than stands in a plan
                told_workers_on=play.day(-1),
            )
        except (NotAllowed, Refused) as refusal:
            return type(refusal).__name__  # the block ends well: whatever was written before stays
        transaction.set_rollback(True)
    return "done"


@pytest.mark.parametrize("situation", SITUATIONS)
def test_exactly_those_may_act_whom_the_table_names_and_a_refusal_changes_nothing(crowd, situation):
    bring, state, may = SITUATIONS[situation]
    hazard = bring(crowd)
    assert hazard.state == state
    people, before = sorted(crowd.posts), everything()
    outcome = {}
    for action in ACTIONS:
        outcome |= {(action, by): attempt(crowd, hazard, action, by) for by in people}
        assert everything() == before, action
    wanted = {(action, by) for action, names in may.items() for by in names}
    assert {pair for pair, what in outcome.items() if what == "done"} == wanted
    # Nobody is told that an action is possible who does not reach the hazard.
    this = Hazard.objects.filter(pk=hazard.pk)
    unseen = [by for by in people if not this.visible_to(crowd.person(by)).exists()]
    officials = {"bureau", "chengdong", "gridofficer"} | AREA
    hidden = set() if this.get().is_shared else officials
    assert set(unseen) == {"admin", "chengxi", "fire", "gas", "rival"} | hidden
    assert {outcome[action, by] for action in ACTIONS for by in unseen} == {"NotAllowed"}


def test_only_the_body_that_gave_the_order_looks_whether_it_is_fulfilled(crowd):
    hazard = crowd.rectified()
    before = everything()
    for by in ("market", "supervisor"):
        for action in ("accept", "send_back"):
            with pytest.raises(NotAllowed, match="the body that gave the order does this"):
                crowd.act(hazard, action, by)
            assert everything() == before
    assert crowd.act(hazard, "accept", "inspector2").state == State.CLOSED


@pytest.mark.parametrize("situation", SITUATIONS)
def test_buttons_are_offered_to_exactly_those_who_may(crowd, situation):
    bring, _state, may = SITUATIONS[situation]
    hazard = bring(crowd)
    this = Hazard.objects.filter(pk=hazard.pk)
    reaching = [name for name in crowd.posts if this.visible_to(crowd.person(name)).exists()]
    for name in reaching:
        actor = actor_for(hazard, crowd.person(name), crowd.posts[name], now=crowd.now)
        offers = MACHINE.offers(hazard, actor)
        assert {o.move.action for o in offers if o.allowed} == {a for a, who in may.items() if name in who}
        assert all(offer.reason for offer in offers if not offer.allowed)
        assert [o.allowed for o in offers] == sorted((o.allowed for o in offers), reverse=True)


def test_every_state_and_action_of_the_table_is_tried_above(play):
    reached = {}
    for _bring, state, may in SITUATIONS.values():
        reached.setdefault(state, set()).update(may)
    table = {}
    for move in MACHINE:
        for source in move.sources:
            table.setdefault(source, set()).add(move.action)
    assert reached == table | {State.CANCELLED: set()}


def test_a_reason_says_why_a_button_is_grey(play):
    hazard = major(play)
    actor = actor_for(hazard, play.cast.enterprise, play.posts["enterprise"], now=play.now)
    offers = {offer.move.action: offer for offer in MACHINE.offers(hazard, actor)}
    assert offers["submit"].reason == "first the plan with its five parts is submitted"
    assert offers["cancel"].reason == "the body that gave the order does this"


def test_nobody_acts_as_a_post_that_they_do_not_hold(play):
    hazard = play.found()
    actor = actor_for(hazard, play.cast.enterprise, play.posts["inspector"], now=play.now)
    assert not any(offer.allowed for offer in MACHINE.offers(hazard, actor))
    assert actor_for(hazard, play.cast.inspector, None, now=play.now).post is None


def test_the_table_is_whole():
    assert set(EFFECTS) == set(ACTIONS) == set(DONE) - ELSEWHERE
    noted = {m.action for m in MACHINE if "note" in (*m.requires, *m.optional)}
    assert noted == set(NOTE)
    assert {s for m in MACHINE for s in m.sources} | {State.CANCELLED} == set(State)
    assert {m.target for m in MACHINE} - {None} == set(State) - {State.REPORTED}


@pytest.mark.parametrize("move", list(MACHINE), ids=lambda m: f"{m.action} from {m.sources[0]}")
def test_a_form_asks_for_exactly_what_the_table_says(play, move):
    hazard = Hazard(state=move.sources[0], version=1, due_on=play.day(5))
    hazard.road = Road.SELF if move.when == "own" else Road.ORDERED
    form = ActForm(hazard=hazard, move=move, intake=Intake(User(), play.now), now=play.now)
    asked = {name for name in form.fields if name not in ("version", "policy")}
    assert asked == {*move.requires, *move.optional}
    needed = {name for name in asked if form.fields[name].required}
    assert needed | ({"due_on"} if "policy" in form.fields else set()) == set(move.requires)
