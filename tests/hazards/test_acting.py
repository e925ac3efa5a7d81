"""What each action does beside the change of state."""

import datetime as dt

import pytest

from hazards.choices import ExtensionState, Grade, Owed, Road, State
from hazards.models import Extension, Hazard, Step
from hazards.sharing import share_late
from hazards.transfers import accepted, may_send
from responsibility.alerts.sweep import sweep
from responsibility.calendars import services as calendar
from responsibility.models import Alert
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from responsibility.transfers.subjects import By, What
from safegrid.accounts.models import Involvement
from safegrid.audit.models import Entry
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.hazards.conftest import DAY, photo


def open_kinds(hazard):
    return set(about(hazard).open().values_list("kind", flat=True))


def ended(hazard, kind):
    """(outcome, days late) of the last obligation of a kind."""
    row = about(hazard).filter(kind=kind).latest("pk")
    return row.outcome, row.days_late


def footprint():
    """How much the database holds: a refused act adds nothing."""
    return [model.objects.count() for model in (Step, Entry, Involvement, Extension, Alert)]


def test_the_way_of_an_order(play):
    hazard = play.found()
    hazard = play.act(hazard, "grade", "inspector")
    assert open_kinds(hazard) == {Owed.DECIDE}
    assert about(hazard).get().label == "hazard_order"
    hazard = play.act(hazard, "order", "inspector", due_on=play.day(10), measures=" 清理 ")
    assert (hazard.state, hazard.due_on, hazard.original_due_on) == (
        State.RECTIFYING,
        play.day(10),
        play.day(10),
    )
    assert (hazard.measures, hazard.ordered_by, hazard.ordering_unit_id) == (
        "清理",
        play.cast.posts["inspector"],
        play.cast.city.emergency.pk,
    )
    row = about(hazard).open().get()
    assert (row.kind, row.debtor_enterprise, row.creditor_post, row.due_at) == (
        Owed.RECTIFY,
        play.cast.city.enterprise,
        play.cast.posts["inspector"],
        clock.day_end(play.day(10)),
    )
    assert ended(hazard, Owed.DECIDE)[0] == Outcome.MET
    hazard = play.act(hazard, "submit", "enterprise")
    assert open_kinds(hazard) == {Owed.ACCEPT}
    assert about(hazard).open().get().debtor_post == play.cast.posts["inspector"]
    hazard = play.act(hazard, "accept", "inspector2")
    assert (hazard.state, hazard.closed_at, hazard.days_late) == (State.CLOSED, play.now, -10)
    assert open_kinds(hazard) == set()
    assert list(hazard.steps.values_list("action", flat=True)) == [
        "report",
        "grade",
        "order",
        "submit",
        "accept",
    ]
    assert hazard.version == 5 == Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").count()


def test_a_deadline_follows_the_policy_that_was_chosen(play):
    hazard = play.act(play.found(), "grade", "inspector")
    hazard = play.act(hazard, "order", "inspector", due_on=None, policy="order_general_15")
    assert hazard.due_on == calendar.working_day(clock.local_date(play.now), 15) == dt.date(2026, 12, 14)
    assert about(hazard).open().get().policy.code == "order_general_15"


@pytest.mark.parametrize(
    "changes",
    [
        {"due_on": None},
        {"due_on": dt.date(2026, 11, 22)},
        {"due_on": None, "policy": "order_major_30"},
        {"due_on": None, "policy": "self_plan_limit"},
        {"due_on": None, "due_at": dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)},
    ],
)
def test_a_deadline_that_is_over_or_not_laid_down_is_refused(play, changes):
    hazard = play.act(play.found(), "grade", "inspector")
    before = footprint()
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "order", "inspector", **changes)
    assert set(refusal.value.message_dict) == {"due_on"}
    assert footprint() == before


def test_today_is_a_deadline_until_it_ends(play):
    hazard = play.act(play.found(), "grade", "inspector")
    hazard = play.act(hazard, "order", "inspector", due_on=play.day(0))
    assert not hazard.is_overdue(clock.day_end(play.day(0)) - dt.timedelta(seconds=1))
    assert hazard.is_overdue(clock.day_end(play.day(0)))


def test_the_same_form_sent_twice_is_done_once(play):
    hazard = play.ordered()
    play.act(hazard, "submit", "enterprise", version=3)
    before = footprint()
    with pytest.raises(Stale):
        play.act(hazard, "submit", "enterprise", version=3)
    assert footprint() == before
    assert Hazard.objects.get().version == 4


def test_what_is_required_is_named_and_nothing_changes(play):
    hazard = play.ordered()
    before = footprint()
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "submit", "enterprise", note="  ", photos=[])
    assert set(refusal.value.message_dict) == {"note", "photos"}
    assert footprint() == before


def test_a_photo_of_somebody_else_is_no_evidence(play):
    hazard = play.ordered()
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "submit", "enterprise", photos=[photo(play.cast.rival, play.now)])
    assert set(refusal.value.message_dict) == {"photos"}
    assert Hazard.objects.get().state == State.RECTIFYING


def test_a_major_hazard_names_its_article(play):
    with pytest.raises(Invalid) as refusal:
        play.act(play.found(), "grade", "inspector", grade=Grade.MAJOR)
    assert set(refusal.value.message_dict) == {"major_basis"}


def test_a_major_hazard_owes_its_plan_first(play):
    hazard = play.ordered(grade=Grade.MAJOR)
    assert open_kinds(hazard) == {Owed.RECTIFY, Owed.PLAN, Owed.TELL}
    assert set(about(hazard).open().values_list("is_major", flat=True)) == {True}
    with pytest.raises(Refused):
        play.act(hazard, "submit", "enterprise")
    for field, wrong in [
        ("plan_due_on", play.day(11)),
        ("plan_due_on", play.day(-1)),
        ("funds", -1),
        ("contingency", " "),
    ]:
        with pytest.raises(Invalid) as refusal:
            play.act(hazard, "plan", "enterprise", **{field: wrong})
        assert set(refusal.value.message_dict) == {field}
    hazard = play.act(hazard, "plan", "enterprise", funds=0)
    assert open_kinds(hazard) == {Owed.RECTIFY, Owed.TELL}
    hazard = play.act(hazard, "tell_major", "principal")
    assert open_kinds(hazard) == {Owed.RECTIFY}
    assert play.act(hazard, "submit", "enterprise").state == State.TO_ACCEPT


def test_nobody_accepts_what_they_fixed_themselves(play):
    post = make.PostFactory(enterprise=play.cast.city.enterprise, holder=play.cast.inspector)
    make.PostScopeFactory(post=post, enterprise=play.cast.city.enterprise, acting=True)
    hazard = play.ordered()
    del play.cast.inspector.standing
    hazard = play.act(hazard, "submit", play.second_post("inspector", post))
    with pytest.raises(NotAllowed):
        play.act(hazard, "accept", "inspector")
    with pytest.raises(NotAllowed):
        play.act(hazard, "send_back", "inspector")
    assert play.act(hazard, "accept", "inspector2").state == State.CLOSED


def test_sent_back_begins_another_round_and_keeps_the_first_deadline(play):
    hazard = play.rectified()
    hazard = play.act(hazard, "send_back", "inspector", due_on=play.day(15))
    assert (hazard.state, hazard.round, hazard.due_on, hazard.original_due_on, hazard.days_late) == (
        State.RECTIFYING,
        2,
        play.day(15),
        play.day(10),
        None,
    )
    row = about(hazard).open().get()
    assert (row.kind, row.due_on, row.original_due_on) == (Owed.RECTIFY, play.day(15), play.day(10))
    hazard = play.act(hazard, "submit", "principal")
    assert play.act(hazard, "accept", "inspector").days_late == -15


def test_no_acceptance_by_the_photos_of_an_earlier_round(play):
    hazard = play.play(play.rectified(), [("send_back", "inspector"), ("submit", "enterprise")])
    Hazard.objects.filter(pk=hazard.pk).update(round=3)
    with pytest.raises(Refused):
        play.act(hazard, "accept", "inspector")


def test_days_late_are_frozen_when_rectification_is_submitted(play):
    hazard = play.ordered(days=2)
    hazard = play.act(hazard, "submit", "enterprise", now=play.now + 5 * DAY)
    assert hazard.days_late == 3
    hazard = play.act(hazard, "accept", "inspector", now=play.now + 30 * DAY)
    assert hazard.days_late == 3
    assert ended(hazard, Owed.RECTIFY) == (Outcome.MET, 3)


def test_an_extension_is_asked_for_answered_and_makes_a_later_deadline(play):
    hazard = play.act(play.ordered(), "ask_extension", "enterprise", due_on=play.day(15))
    assert open_kinds(hazard) == {Owed.RECTIFY, Owed.EXTENSION}
    assert hazard.due_on == play.day(10)
    hazard = play.act(hazard, "grant_extension", "inspector2", note="")
    assert (hazard.due_on, hazard.original_due_on) == (play.day(15), play.day(10))
    row = about(hazard).open().get()
    assert (row.due_on, row.original_due_on, row.rung) == (play.day(15), play.day(10), 0)
    assert Extension.objects.get().state == ExtensionState.GRANTED


def test_an_extension_that_is_not_granted_leaves_the_deadline(play):
    hazard = play.act(play.ordered(), "ask_extension", "enterprise", due_on=play.day(15))
    hazard = play.act(hazard, "deny_extension", "inspector", note="设备已到货")
    assert hazard.due_on == play.day(10)
    assert open_kinds(hazard) == {Owed.RECTIFY}
    extension = Extension.objects.get()
    assert (extension.state, extension.answer) == (ExtensionState.DENIED, "设备已到货")
    assert play.act(hazard, "ask_extension", "principal", due_on=play.day(12)).version == 6


def test_an_extension_is_asked_for_before_the_deadline_and_for_a_later_day(play):
    hazard = play.ordered(days=2)
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "ask_extension", "enterprise", due_on=play.day(2))
    assert set(refusal.value.message_dict) == {"due_on"}
    with pytest.raises(Refused):
        play.act(hazard, "ask_extension", "enterprise", now=hazard.due_at)


def test_an_extension_answered_after_its_own_day_cannot_be_granted(play):
    hazard = play.act(play.ordered(days=2), "ask_extension", "enterprise", due_on=play.day(4))
    with pytest.raises(Refused):
        play.act(hazard, "grant_extension", "inspector", now=play.now + 6 * DAY)
    assert play.act(hazard, "deny_extension", "inspector", now=play.now + 6 * DAY).due_on == play.day(2)


def test_a_request_that_nobody_needs_any_longer_is_dropped_not_denied(play):
    hazard = play.play(play.ordered(), [("ask_extension", "enterprise"), ("submit", "enterprise")])
    assert Extension.objects.get().state == ExtensionState.DROPPED
    assert ended(hazard, Owed.EXTENSION)[0] == Outcome.CANCELLED
    assert open_kinds(hazard) == {Owed.ACCEPT}


def test_a_closed_hazard_that_is_opened_again_is_owed_to_who_ordered_it_and_both_are_told(play):
    hazard = play.act(play.rectified(), "accept", "inspector")
    hazard = play.act(hazard, "reopen", "inspector2", due_on=play.day(7), note="又被堵塞")
    assert (hazard.state, hazard.closed_at, hazard.round, hazard.due_on) == (
        State.RECTIFYING,
        None,
        2,
        play.day(7),
    )
    row = about(hazard).open().get()
    assert (row.kind, row.label, row.creditor_post) == (
        Owed.RECTIFY,
        "hazard_reopened",
        play.cast.posts["inspector"],
    )
    sweep(now=play.now)
    assert set(Alert.objects.values_list("holder__username", flat=True)) == {
        "inspector",
        "enterprise",
        "principal",
    }


def test_whoever_opens_their_own_order_again_is_not_told_of_it(play):
    hazard = play.act(play.rectified(), "accept", "inspector2")
    play.act(hazard, "reopen", "inspector")
    sweep(now=play.now)
    assert set(Alert.objects.values_list("holder__username", flat=True)) == {"enterprise", "principal"}


def test_a_post_that_may_only_read_acts_on_nothing(play):
    hazard = play.ordered()
    play.posts["enterprise"].scopes.update(acting=False)
    with pytest.raises(NotAllowed):
        play.act(hazard, "submit", "enterprise")


def test_reopening_what_the_enterprise_closed_itself_makes_it_an_order(play):
    hazard = play.act(play.drawn(), "confirm", "principal")
    assert hazard.days_late == 0
    hazard = play.act(hazard, "reopen", "inspector")
    assert (hazard.road, hazard.ordered_by) == (Road.ORDERED, play.cast.posts["inspector"])
    assert play.act(hazard, "submit", "enterprise").state == State.TO_ACCEPT


def test_officials_step_in_when_it_is_major_or_overdue_and_only_then(play):
    hazard = play.own(days=3)
    for now in (play.now, hazard.due_at):
        with pytest.raises(NotAllowed):
            play.act(hazard, "step_in", "inspector", grade=Grade.GENERAL, now=now)
    share_late(hazard.due_at)
    taken = play.act(hazard, "step_in", "inspector", grade=Grade.GENERAL, now=hazard.due_at)
    assert (taken.state, taken.road) == (State.GRADED, Road.ORDERED)
    assert ended(taken, Owed.RECTIFY)[0] == Outcome.SUPERSEDED
    assert open_kinds(taken) == {Owed.DECIDE}
    fixed = play.drawn()
    with pytest.raises(Refused):
        play.act(fixed, "step_in", "inspector", grade=Grade.GENERAL)
    taken = play.act(fixed, "step_in", "inspector2", grade=Grade.MAJOR, major_basis="第三条")
    assert taken.is_major
    assert about(taken).open().get().debtor_post == play.cast.posts["inspector2"]
    taken = play.act(taken, "order", "inspector2")
    assert open_kinds(taken) == {Owed.RECTIFY, Owed.PLAN, Owed.TELL}


def test_the_enterprise_sends_its_own_back_within_its_own_limit(play):
    hazard = play.own(fixed=True)
    with pytest.raises(Invalid):
        play.act(hazard, "send_back", "principal", due_on=play.day(31))
    hazard = play.act(hazard, "send_back", "principal", due_on=play.day(30))
    assert (hazard.state, hazard.original_due_on) == (State.RECTIFYING, play.day(30))


@pytest.mark.parametrize("before", ["found", "ordered", "own"])
def test_cancelling_ends_all_that_is_owed(play, before):
    hazard = getattr(play, before)()
    if before == "ordered":
        hazard = play.act(hazard, "ask_extension", "enterprise")
    hazard = play.act(hazard, "cancel", "principal" if before == "own" else "inspector")
    assert hazard.state == State.CANCELLED
    assert open_kinds(hazard) == set()
    assert ended(hazard, about(hazard).last().kind)[0] == Outcome.CANCELLED


def test_who_moved_away_from_a_place_keeps_what_they_ordered(play):
    hazard = play.rectified()
    play.cast.posts["inspector"].scopes.all().delete()
    del play.cast.inspector.standing
    assert list(Hazard.objects.visible_to(play.cast.inspector)) == [hazard]
    assert play.act(hazard, "accept", "inspector").state == State.CLOSED


def test_a_plan_that_comes_after_the_deadline_is_taken_and_lateness_stays(play):
    hazard = play.ordered(days=2, grade=Grade.MAJOR)
    play.now += 5 * DAY
    hazard = play.act(hazard, "plan", "enterprise", plan_due_on=play.day(4))
    hazard = play.act(hazard, "submit", "enterprise")
    hazard = play.act(hazard, "accept", "inspector")
    assert (hazard.state, hazard.days_late) == (State.CLOSED, 3)


def test_a_plan_is_revised_and_the_timeline_shows_both_once_it_is_no_slip(play):
    hazard = play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise")
    play.act(hazard, "revise_plan", "enterprise", funds=2000, note="")  # a slip
    assert (hazard.plan.funds, hazard.steps.latest("pk").note) == (1000, "")
    given = {"responsible": "王五", "funds": 2000, "plan_due_on": play.day(2)}
    play.now += DAY
    with pytest.raises(Invalid) as refused:
        play.act(hazard, "revise_plan", "enterprise", **given, note=" ")
    assert set(refused.value.message_dict) == {"note"}
    play.act(hazard, "revise_plan", "enterprise", **given, note="换人")
    plan = type(hazard.plan).objects.get()
    assert (plan.responsible, plan.funds) == ("王五", 2000)
    assert hazard.steps.latest("pk").note.split("\n") == ["换人", "“马明” → “王五”"]
    with pytest.raises(Invalid) as refused:
        play.act(hazard, "revise_plan", "enterprise", **given)
    assert set(refused.value.message_dict) == {"plan_measures"}


def test_the_days_of_the_two_reports_are_corrected_for_all_to_see(play):
    hazard = play.act(play.ordered(grade=Grade.MAJOR), "tell_major", "enterprise")
    play.now += DAY
    play.act(
        hazard, "correct_told", "enterprise", told_regulator_on=play.day(0), told_workers_on=play.day(-1),
        note="日期填错",
    )  # fmt: skip
    assert hazard.major_report.regulator_on == play.day(-1)  # as it was read before
    assert type(hazard.major_report).objects.get().regulator_on == play.day(0)
    assert "日期填错" in hazard.steps.latest("pk").note
    with pytest.raises(Invalid):
        play.act(hazard, "correct_told", "enterprise", told_regulator_on=play.day(1))


def test_a_grade_is_changed_before_the_order_for_a_reason_only(play):
    hazard = play.act(play.found(), "grade", "inspector", grade=Grade.MAJOR, major_basis="第三条")
    with pytest.raises(Invalid) as refused:
        play.act(hazard, "grade", "inspector", note="")
    assert set(refused.value.message_dict) == {"note"}
    play.act(hazard, "grade", "inspector", note="现场复核不属重大")
    assert hazard.steps.latest("pk").note == "现场复核不属重大"


def test_a_stop_goes_on_until_it_is_lifted_though_two_hazards_are_one(play):
    play.found()
    hazard = play.act(play.ordered(), "take_measure", "inspector")
    with pytest.raises(Refused, match="first it is lifted"):
        play.act(hazard, "merge", "inspector")
    play.act(hazard, "lift_measure", "inspector")
    assert play.act(hazard, "merge", "inspector").state == State.CANCELLED


def test_an_order_that_was_taken_back_is_given_away_and_the_receiver_orders_anew(play, cast):
    hazard = play.ordered()
    hazard = play.act(hazard, "regrade", "inspector")
    what = What(matter=hazard.matter)
    assert not may_send(hazard, what, play.posts["fire"], play.day(0))
    assert may_send(hazard, what, play.posts["inspector"], play.day(0))
    brigade = play.posts["fire"]
    transfer = make.TransferFactory(site=hazard.site, receiver_post=brigade)
    accepted(transfer, hazard, By(actor=play.person("fire"), acting_post=brigade, now=play.now, post=brigade))
    hazard.refresh_from_db()
    assert (hazard.ordered_by, hazard.ordering_unit) == (None, None)
    assert about(hazard).open().get(kind=Owed.DECIDE).debtor_post == brigade
    hazard = play.act(hazard, "grade", "fire", note="复核")
    hazard = play.act(hazard, "order", "fire")
    assert (hazard.state, hazard.ordered_by, hazard.ordering_unit) == (
        State.RECTIFYING,
        brigade,
        brigade.unit,
    )
    with pytest.raises(NotAllowed):
        play.act(play.act(hazard, "submit", "enterprise"), "accept", "inspector")
