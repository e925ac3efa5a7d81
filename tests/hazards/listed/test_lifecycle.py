"""Every move on a listing in every situation, tried by everybody: those succeed whom the table names."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from hazards.listed.choices import ListingState as S
from hazards.listed.choices import Owed
from hazards.listed.effects import EFFECTS
from hazards.listed.lifecycle import MACHINE
from hazards.listed.models import ListedSupervision, ProgressReport
from hazards.listed.wording import DONE, HINT, NOTE, STEPS
from hazards.models import Hazard, Step
from responsibility.models import Obligation
from responsibility.obligations.choices import Outcome
from safegrid.audit.services import verify
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.hazards.conftest import DAY, photo
from tests.hazards.listed.conftest import Board
from tests.hazards.rows import everything

ACTIONS = sorted({move.action for move in MACHINE})
OFFICERS = {"inspector", "inspector2"}
STAFF = {"enterprise", "principal"}
OFFICE = {"bureau"}


def sent_back_meanwhile(board):
    """Delisting is asked for, and then the rectification itself is sent back."""
    row = board.act(board.submitted(), "ask", "enterprise")
    board.play.act(row.hazard, "send_back", "inspector")
    return row


def reopened_by_others(board):
    row = board.delisted()
    board.play.act(row.hazard, "reopen", "inspector")
    return row


#: How a listing comes to stand so → (state, move → who may).
SITUATIONS: dict[str, tuple[Callable[[Board], ListedSupervision], S, dict[str, set[str]]]] = {
    "listed": (lambda board: board.listed(), S.LISTED, {"report": STAFF, "withdraw": OFFICE}),
    "listed, rectification submitted": (
        lambda board: board.submitted(),
        S.LISTED,
        {"report": STAFF, "ask": STAFF | OFFICERS, "withdraw": OFFICE},
    ),
    "listed, rectification accepted": (
        lambda board: board.struck_off(),
        S.LISTED,
        {"report": STAFF, "ask": STAFF | OFFICERS, "withdraw": OFFICE},
    ),
    "asked": (
        lambda board: board.asked(),
        S.ASKED,
        {"check": OFFICERS, "send_back": OFFICERS | OFFICE},
    ),
    "asked, rectification sent back meanwhile": (
        sent_back_meanwhile,
        S.ASKED,
        {"send_back": OFFICERS | OFFICE},
    ),
    "checked, rectification not accepted yet": (
        lambda board: board.act(board.act(board.submitted(), "ask", "enterprise"), "check", "inspector"),
        S.CHECKED,
        {"send_back": OFFICERS | OFFICE},
    ),
    "checked by the inspector": (
        lambda board: board.checked(),
        S.CHECKED,
        {"accept": {"inspector2"}, "send_back": OFFICERS | OFFICE},
    ),
    "accepted": (lambda board: board.accepted(), S.ACCEPTED, {"approve": OFFICE, "send_back": OFFICE}),
    "delisted, accepted by inspector2": (
        lambda board: board.delisted(),
        S.DELISTED,
        {"confirm": {"inspector"}, "not_fixed": {"inspector"}},
    ),
    "delisted, and reopened otherwise": (reopened_by_others, S.DELISTED, {"not_fixed": {"inspector"}}),
    "spot-checked": (
        lambda board: board.act(board.delisted(), "confirm", "inspector"),
        S.CONFIRMED,
        {},
    ),
    "listed again": (
        lambda board: board.act(board.delisted(), "not_fixed", "inspector"),
        S.RELISTED,
        {},
    ),
    "withdrawn": (lambda board: board.act(board.listed(), "withdraw", "bureau"), S.WITHDRAWN, {}),
    "listed by the district": (
        lambda board: board.listed("chengdong", level="district"),
        S.LISTED,
        {"report": STAFF, "withdraw": {"chengdong"}},
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_exactly_those_may_whom_the_table_names_and_a_refusal_changes_nothing(board, name):
    make_it, state, wanted = SITUATIONS[name]
    row = board.fresh(make_it(board))
    assert row.state == state
    before = everything()
    done: dict[str, set[str]] = {}
    for action in ACTIONS:
        for by in board.play.cast.posts:
            with transaction.atomic():
                try:
                    board.act(row, action, by)
                except (NotAllowed, Refused):
                    pass  # caught in here: whatever was written before the refusal stays
                else:
                    done.setdefault(action, set()).add(by)
                    assert verify() == []
                    transaction.set_rollback(True)
            assert everything() == before, (action, by)
    assert done == wanted


def test_every_move_of_the_table_is_worded_and_every_state_is_reached():
    assert set(EFFECTS) == set(ACTIONS) == set(HINT) - {"list", "raise"}
    assert set(ACTIONS) == set(DONE) - {"list"} == set(NOTE) - {"list"}
    assert all(len(step) <= Step._meta.get_field("action").max_length for step in STEPS)
    assert {move.target for move in MACHINE} - {None} == set(S) - {S.RAISED}  # by a listing at a higher level


@pytest.mark.parametrize("move", list(MACHINE), ids=lambda move: f"{move.action} from {move.sources[0]}")
def test_what_the_table_requires_is_asked_for_at_its_field(board, move):
    ways = {
        S.LISTED: board.submitted,
        S.ASKED: board.asked,
        S.ACCEPTED: board.accepted,
        S.DELISTED: board.delisted,
    }
    ways[S.CHECKED] = board.checked
    row = ways[move.sources[0]]()
    able = {
        "enterprise": "enterprise",
        "regulator": "inspector",
        "acceptor": "inspector2",
        "lister": "bureau",
    }
    by = (able | {"spot_checker": "inspector"})[move.who[0]]
    for field, nothing in {"note": " ", "due_on": None}.items():
        if field not in move.requires:
            continue
        with pytest.raises(Invalid) as refusal:
            board.act(row, move.action, by, **{field: nothing})
        assert set(refusal.value.message_dict) == {field}
    if "due_on" in move.requires:
        with pytest.raises(Invalid) as refusal:
            board.act(row, move.action, by, due_on=board.play.day(-1))
        assert set(refusal.value.message_dict) == {"due_on"}
    assert board.act(row, move.action, by).version == row.version + 1


def test_a_move_sent_twice_is_made_once(board):
    row = board.listed()
    board.act(row, "report", "enterprise", version=1)
    with pytest.raises(Stale):
        board.act(row, "report", "enterprise", version=1)
    assert ProgressReport.objects.count() == 1


# -- listing ----------------------------------------------------------------------------------------

LEVELS = ["district", "city", "province"]


@pytest.mark.parametrize("matter", ["general", "crowded"])
def test_each_body_lists_at_its_own_level_and_nobody_else(board, matter):
    hazard = board.major()
    Hazard.objects.filter(pk=hazard.pk).update(matter=getattr(board.play.cast.city, matter))
    before, done = everything(), {}
    for by in board.play.cast.posts:
        for level in LEVELS:
            with transaction.atomic():
                try:
                    board.listed(by, hazard, level)
                except (NotAllowed, Invalid):
                    pass
                else:
                    done.setdefault(by, set()).add(level)
                    transaction.set_rollback(True)
            assert everything() == before, (by, level)
    fire = {"fire": {"city"}} if matter == "crowded" else {}
    assert done == {"bureau": {"city", "province"}, "chengdong": {"district"}} | fire


def test_only_an_open_major_hazard_is_listed_and_once(board, play):
    closed = board.major()
    play.play(closed, [("plan", "enterprise"), ("submit", "enterprise"), ("accept", "inspector")])
    for hazard in (play.ordered(), closed):
        with pytest.raises(Refused, match="Only an open major hazard"):
            board.listed(hazard=hazard)
    row = board.listed()
    with pytest.raises(Stale):
        board.listed("chengdong", row.hazard, "district")
    assert ListedSupervision.objects.get() == row


def test_the_database_keeps_what_must_never_be(board):
    row = board.accepted()
    wrongs = [
        lambda: make.ListedSupervisionFactory(hazard=row.hazard, post=row.post, listed_by=row.listed_by),
        lambda: ListedSupervision.objects.filter(pk=row.pk).update(state=S.DELISTED),
        lambda: ListedSupervision.objects.filter(pk=row.pk).update(delisted_at=board.play.now),
        lambda: ListedSupervision.objects.filter(pk=row.pk).update(accepted_by=row.checked_by),
        lambda: ListedSupervision.objects.filter(pk=row.pk).update(report_days=0),
        lambda: ProgressReport.objects.create(
            listing=row, text="", at=board.play.now, by=row.listed_by, post=row.post
        ),
    ]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.mark.parametrize(
    ("given", "field"),
    [({"report_days": 0}, "report_days"), ({"report_days": 181}, "report_days"), ({"due_in": -1}, "due_on")],
)
def test_days_out_of_bounds_are_named_at_their_field(board, given, field):
    if "due_in" in given:
        given = {"due_on": board.play.day(given["due_in"])}
    with pytest.raises(Invalid) as refusal:
        board.listed(**given)
    assert set(refusal.value.message_dict) == {field}
    assert not ListedSupervision.objects.exists()


# -- the hazard's own way ---------------------------------------------------------------------------


def test_what_is_listed_is_neither_cancelled_nor_graded_down(board, play):
    row = board.listed()
    with pytest.raises(Refused, match="first the listing is withdrawn"):
        play.act(row.hazard, "cancel", "inspector")
    board.act(row, "withdraw", "bureau")
    assert play.act(row.hazard, "cancel", "inspector").state == "cancelled"
    graded = play.act(play.found(), "grade", "inspector", grade="major", major_basis="第三条")
    row = board.listed(hazard=graded)
    with pytest.raises(Invalid) as refusal:
        play.act(graded, "grade", "inspector", grade="general")
    assert set(refusal.value.message_dict) == {"grade"}


def test_a_spot_check_that_finds_it_not_fixed_reopens_the_hazard_and_lists_it_again(board, play):
    row = board.delisted()
    play.now += 5 * DAY
    board.act(row, "not_fixed", "inspector", note="又被堵塞", due_on=play.day(12))
    hazard = Hazard.objects.get()
    assert (hazard.state, hazard.due_on, hazard.round) == ("rectifying", play.day(12), 2)
    old, new = ListedSupervision.objects.order_by("pk")
    assert (old.state, old.spot_finding, old.spot_checked_at) == (S.RELISTED, "又被堵塞", play.now)
    assert (new.state, new.level, new.post, new.due_on) == (S.LISTED, "city", old.post, play.day(12))
    steps = list(hazard.steps.values_list("action", flat=True))[-3:]
    assert steps == ["reopen", "list", "list_not_fixed"]
    assert verify() == []


def test_listing_anew_what_was_reopened_settles_the_spot_check(board):
    row = reopened_by_others(board)
    again = board.listed("chengdong", row.hazard, "district")
    row = board.fresh(row)
    assert (row.state, again.state) == (S.RELISTED, S.LISTED)
    assert not Obligation.objects.open().filter(kind=Owed.SPOT).exists()
    with pytest.raises(Stale):
        board.act(row, "not_fixed", "inspector", version=row.version - 1)


def test_a_higher_level_takes_over_what_a_lower_one_has_listed(board, play):
    low = board.listed("chengdong", level="district")
    play.now += 2 * DAY
    high = board.listed(hazard=low.hazard)
    low = board.fresh(low)
    assert (low.state, high.state, high.level) == (S.RAISED, S.LISTED, "city")
    owed = Obligation.objects.open().filter(kind__in=[Owed.REPORT, Owed.DELIST])
    assert {row.creditor_post for row in owed} == {play.posts["bureau"]}
    assert {row.due_on for row in owed.filter(kind=Owed.DELIST)} == {high.due_on}
    ended = Obligation.objects.filter(outcome=Outcome.SUPERSEDED, kind__in=[Owed.REPORT, Owed.DELIST])
    assert {row.creditor_post for row in ended} == {play.posts["chengdong"]}
    with pytest.raises(Stale):
        board.act(low, "report", "enterprise", version=low.version - 1)
    with pytest.raises(Refused):
        board.act(low, "withdraw", "chengdong")
    assert board.act(high, "report", "enterprise").state == S.LISTED
    assert verify() == []


def test_no_level_takes_over_from_its_own_or_a_higher_one_nor_what_is_to_be_delisted(board):
    high = board.listed(level="province")
    asked = board.asked(by="chengdong", level="district")
    for row, by, level in [
        (high, "bureau", "province"),
        (high, "bureau", "city"),
        (high, "chengdong", "district"),
        (asked, "bureau", "city"),
    ]:
        before = everything()
        with pytest.raises((Stale, Invalid)):
            board.listed(by, row.hazard, level)
        assert everything() == before


def test_photos_go_with_a_report_and_with_each_look(board, play):
    row = board.listed()
    told, seen = (photo(play.person(name), play.now) for name in ("enterprise", "inspector"))
    board.act(row, "report", "enterprise", photos=[told])
    play.play(row.hazard, [("plan", "enterprise"), ("submit", "enterprise"), ("accept", "inspector")])
    board.act(row, "ask", "enterprise")
    board.act(row, "check", "inspector", photos=[seen])
    of = {each.file_id: each.subject_type.model for each in Evidence.objects.filter(file__in=[told, seen])}
    assert of == {told.pk: "progressreport", seen.pk: "hazard"}
    for name, sees in [("bureau", True), ("principal", True), ("rival", False), ("chengxi", False)]:
        found = StoredFile.objects.visible_to(play.person(name)).filter(pk__in=[told.pk, seen.pk])
        assert found.count() == (2 if sees else 0), name
