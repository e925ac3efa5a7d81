"""One post, two duties: what leading posts owe in each period, what they did, and whose wing is over whom."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.alerts.sweep import open_periods, sweep
from responsibility.leaders.choices import LeaderRole
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderDutyPolicy, LeaderPeriod, Wing
from responsibility.leaders.policies import apply_policies
from responsibility.leaders.queries import behind, in_contact, last_visits, sums
from responsibility.leaders.services import (
    Done,
    cancel_deed,
    correct_deed,
    let_go,
    record_deed,
    set_duty,
    take_under_wing,
)
from responsibility.leaders.table import days_of
from responsibility.models import Duty, Obligation
from responsibility.obligations import words
from responsibility.obligations.choices import Outcome, Rhythm
from responsibility.obligations.periods import DAYS, MONTHS, period_of
from safegrid.accounts.choices import PostKind
from safegrid.audit.models import Entry
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from tests import factories as make
from tests.responsibility.conftest import told

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


def midnight(*day: int) -> dt.datetime:
    return clock.day_start(dt.date(*day))


@pytest.fixture
def leading(cast, policies, now):
    """Every leading post has what the policies say, and its first period."""
    apply_policies(now=now)
    open_periods(now=now)
    return cast


def leader_of(cast, username):
    return Leader.objects.get(post=cast.posts[username])


def did(cast, now, *, by="chengdong", who=None, kind="check", day=TODAY, token=None, **done):
    return record_deed(
        token=token or uuid.uuid4(),
        leader=leader_of(cast, who or by),
        kind=kind,
        done=Done(day=day, what=done.pop("what", "带队检查宾馆"), **done),
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=now,
    )


def state(cast, username="chengdong", kind="check"):
    """(period, done, owed, state) of each period of a duty, in order."""
    rows = LeaderPeriod.objects.filter(leader=leader_of(cast, username), kind=kind).order_by("first_on")
    return [(row.name, row.done, row.owed, row.state) for row in rows]


def owed(cast, username="chengdong", kind="leader_check"):
    """(outcome, days late) of each obligation of a post, in order."""
    rows = Obligation.objects.filter(debtor_post=cast.posts[username], kind=kind).order_by("pk")
    return list(rows.values_list("outcome", "days_late"))


def test_leading_posts_are_told_from_their_kind_and_body(cast, policies, now):
    party = make.UnitFactory(kind=UnitKind.PARTY, district=cast.city.chengdong)
    street = make.UnitFactory(kind=UnitKind.GOVERNMENT, district=cast.city.township)
    secretary = make.PostFactory(kind=PostKind.HEAD, unit=party)
    street_head = make.PostFactory(kind=PostKind.HEAD, unit=street)
    unit_head = make.PostFactory(kind=PostKind.HEAD, unit=cast.city.brigade)
    apply_policies(now=now)
    assert dict(Leader.objects.values_list("post", "role")) == {
        cast.posts["bureau"].pk: LeaderRole.OFFICE,
        cast.posts["chengdong"].pk: LeaderRole.GOVERNMENT,
        cast.posts["chengxi"].pk: LeaderRole.GOVERNMENT,
        secretary.pk: LeaderRole.SECRETARY,
        street_head.pk: LeaderRole.TOWNSHIP,
        unit_head.pk: LeaderRole.UNIT,
    }
    row = Leader.objects.get(post=street_head)
    assert (row.district, row.township) == (cast.city.chengdong, cast.city.township)


def test_a_period_opens_one_obligation_that_says_how_much_is_done(leading, now):
    row = Obligation.objects.get(debtor_post=leading.posts["chengdong"], kind="leader_check")
    assert (row.due_on, row.due_at) == (dt.date(2026, 12, 31), midnight(2027, 1, 1))
    assert words.title(row.label, row.params) == "Lead checks, 2026-Q4: 0 of 2 done"
    assert row.district == leading.city.chengdong
    did(leading, now)
    row.refresh_from_db()
    assert words.title(row.label, row.params) == "Lead checks, 2026-Q4: 1 of 2 done"
    assert row.closed_at is None


def test_applying_the_policies_again_changes_nothing(leading, now):
    before = Entry.objects.count()
    duties = set(LeaderDuty.objects.values_list("pk", flat=True))
    assert apply_policies(now=now) == 0
    assert open_periods(now=now) == 0
    assert set(LeaderDuty.objects.values_list("pk", flat=True)) == duties
    assert Entry.objects.count() == before


def test_enough_deeds_close_it_as_done(leading, now):
    did(leading, now)
    did(leading, now)
    assert state(leading) == [("2026-Q4", 2, 2, "met")]
    assert owed(leading) == [(Outcome.MET, -38)]
    did(leading, now)
    assert state(leading) == [("2026-Q4", 3, 2, "met")]


def test_a_period_that_ends_undone_lapses_in_sight_and_the_next_opens(leading, now):
    did(leading, now)
    sweep(now=midnight(2027, 1, 1))
    assert state(leading) == [("2026-Q4", 1, 2, "lapsed"), ("2027-Q1", 0, 2, "running")]
    assert owed(leading) == [(Outcome.LAPSED, 1), ("", None)]
    new = LeaderPeriod.objects.get(leader=leader_of(leading, "chengdong"), kind="check", is_current=True)
    assert new.after_lapse
    actions = Entry.objects.filter(subject__startswith="responsibility.leaderperiod:").values_list(
        "action", flat=True
    )
    assert "leader_period.lapse" in set(actions)


def test_a_period_that_was_done_ends_as_done(leading, now):
    did(leading, now)
    did(leading, now)
    sweep(now=midnight(2027, 1, 1))
    assert state(leading) == [("2026-Q4", 2, 2, "met"), ("2027-Q1", 0, 2, "running")]
    assert owed(leading) == [(Outcome.MET, -38), ("", None)]
    assert not LeaderPeriod.objects.filter(
        leader=leader_of(leading, "chengdong"), kind="check", after_lapse=True
    ).exists()


def test_what_is_recorded_afterwards_shows_beside_a_lapsed_period_and_does_not_make_it_done(leading, now):
    later = midnight(2027, 1, 5)
    sweep(now=later)
    did(leading, later, day=dt.date(2026, 12, 30))
    did(leading, later, day=dt.date(2026, 12, 31))
    assert state(leading) == [("2026-Q4", 2, 2, "lapsed"), ("2027-Q1", 0, 2, "running")]


def test_what_is_owed_climbs_the_ladder_like_everything_else(leading, now):
    sweep(now=midnight(2026, 12, 29))
    assert {name for rung, name in told(obligation__debtor_post=leading.posts["chengdong"])} == {"chengdong"}


def test_behind_is_who_did_less_than_the_time_gone_asks_for(leading, now):
    def names(at):
        rows = LeaderPeriod.objects.filter(behind(at), kind="check")
        return set(rows.values_list("leader__post__title_en", flat=True))

    # Two in a quarter: one by the middle of it (16 November), two by its end.
    both = {"Chengdong's post", "Chengxi's post"}
    assert names(midnight(2026, 11, 15)) == set()
    assert names(midnight(2026, 11, 17)) == both
    did(leading, now)
    assert names(now) == {"Chengxi's post"}


def test_a_deed_is_kept_once_however_often_it_is_sent(leading, now):
    token = uuid.uuid4()
    assert did(leading, now, token=token) == did(leading, now, token=token)
    assert state(leading) == [("2026-Q4", 1, 2, "running")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"day": TODAY + DAY}, "day"),
        ({"day": TODAY - 400 * DAY}, "day"),
        ({"what": "  "}, "what"),
        ({"found": 1, "fixed": 2}, "fixed"),
        ({"kind": "dance"}, "kind"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(leading, now, given, field):
    with pytest.raises(Invalid) as refusal:
        did(leading, now, **given)
    assert set(refusal.value.message_dict) == {field}
    assert not LeaderDeed.objects.exists()


@pytest.mark.parametrize(
    ("username", "may"),
    [
        ("chengdong", True),
        ("colleague", True),
        ("gridofficer", False),  # of the same unit, but no office of it
        ("chengxi", False),
        ("bureau", False),
        ("auditor", False),
        ("enterprise", False),
        ("nobody", False),
    ],
)
def test_the_post_and_its_units_office_record_and_nobody_else(leading, now, username, may):
    c = leading.city
    if username == "colleague":
        user = make.UserFactory()
        post = make.PostFactory(kind=PostKind.SUPERVISOR, unit=c.government, holder=user)
        make.PostScopeFactory(post=post, unit=c.government)
    else:
        user, post = getattr(leading, username), leading.posts.get(username)

    def act():
        return record_deed(
            token=uuid.uuid4(),
            leader=leader_of(leading, "chengdong"),
            kind="check",
            done=Done(day=TODAY, what="检查"),
            actor=user,
            acting_post=post,
            now=now,
        )

    if may:
        assert act().recorded_by == user
    else:
        with pytest.raises(NotAllowed):
            act()
    assert LeaderDeed.objects.count() == may


def fix(cast, deed, now, *, by="chengdong", reason="", **done):
    return correct_deed(
        deed=deed,
        done=Done(day=done.pop("day", TODAY), what=done.pop("what", "带队检查仓库"), **done),
        reason=reason,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=now,
    )


def test_a_slip_is_mended_for_half_an_hour_and_after_that_in_sight(leading, now):
    deed = did(leading, now)
    assert fix(leading, deed, now + dt.timedelta(minutes=30)).earlier == []
    late = now + dt.timedelta(minutes=31)
    with pytest.raises(Invalid) as refusal:
        fix(leading, deed, late, what="带队检查学校")
    assert set(refusal.value.message_dict) == {"reason"}
    row = fix(leading, deed, late, what="带队检查学校", reason="写错了")
    assert [(each["reason"], each["before"]) for each in row.earlier] == [
        ("写错了", {"what": "带队检查仓库"})
    ]
    corrections = Entry.objects.filter(action="leader_deed.correct")
    assert corrections.count() == 2  # the ledger has both


def test_the_same_again_is_no_correction(leading, now):
    deed = did(leading, now)
    fix(leading, deed, now + DAY, what=deed.what)
    assert not Entry.objects.filter(action="leader_deed.correct").exists()


def test_a_day_that_is_corrected_counts_where_it_lies_then(leading, now):
    deed = did(leading, now)
    did(leading, now)
    assert state(leading) == [("2026-Q4", 2, 2, "met")]
    fix(leading, deed, now + dt.timedelta(minutes=1), day=dt.date(2026, 9, 30))
    assert state(leading) == [("2026-Q4", 1, 2, "running")]
    assert owed(leading) == [(Outcome.MET, -38), ("", None)]


def drop(cast, deed, now, reason="没有去", by="chengdong"):
    return cancel_deed(deed=deed, reason=reason, actor=getattr(cast, by), acting_post=cast.posts[by], now=now)


def test_what_is_cancelled_counts_no_more_and_stays_in_sight(leading, now):
    did(leading, now)
    deed = did(leading, now)
    assert drop(leading, deed, now).cancel_reason == "没有去"
    assert state(leading) == [("2026-Q4", 1, 2, "running")]
    assert LeaderDeed.objects.count() == 2
    with pytest.raises(Stale):
        drop(leading, deed, now)
    with pytest.raises(Stale):
        fix(leading, deed, now)


def test_nothing_is_cancelled_without_a_reason_or_by_others(leading, now):
    deed = did(leading, now)
    with pytest.raises(Invalid):
        drop(leading, deed, now, reason=" ")
    for other in ("chengxi", "bureau", "gridofficer"):
        with pytest.raises(NotAllowed):
            drop(leading, deed, now, by=other)
    assert state(leading) == [("2026-Q4", 1, 2, "running")]


def test_a_period_that_is_over_and_was_done_lapses_when_a_deed_of_it_is_cancelled(leading, now):
    did(leading, now)
    deed = did(leading, now)
    later = midnight(2027, 1, 3)
    sweep(now=later)
    drop(leading, deed, later)
    assert state(leading) == [("2026-Q4", 1, 2, "lapsed"), ("2027-Q1", 0, 2, "running")]
    assert LeaderPeriod.objects.get(
        leader=leader_of(leading, "chengdong"), kind="check", is_current=True
    ).after_lapse


def lay_down(cast, now, *, by="bureau", who="chengdong", **given):
    wanted = {
        "kind": "check",
        "number": 5,
        "rhythm": Rhythm.MONTHLY,
        "since": TODAY,
        "basis": "区委会议纪要",
    } | given
    return set_duty(
        leader=leader_of(cast, who),
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=now,
        **wanted,
    )


def test_what_is_laid_down_by_hand_goes_before_the_policy_from_the_next_period_on(leading, now):
    assert lay_down(leading, now) == lay_down(leading, now)
    apply_policies(now=now)
    assert state(leading) == [("2026-Q4", 0, 2, "running")]
    sweep(now=midnight(2027, 1, 1))
    assert state(leading) == [("2026-Q4", 0, 2, "lapsed"), ("2027-01", 0, 5, "running")]
    sweep(now=midnight(2027, 2, 1))
    assert state(leading)[1:] == [("2027-01", 0, 5, "lapsed"), ("2027-02", 0, 5, "running")]


def test_what_is_laid_down_for_some_days_gives_way_to_the_policy_again(leading, now):
    lay_down(leading, now, number=0, since=dt.date(2027, 1, 1), until=dt.date(2027, 4, 1))
    sweep(now=midnight(2027, 1, 1))
    assert state(leading) == [("2026-Q4", 0, 2, "lapsed")]
    april = midnight(2027, 4, 1)
    apply_policies(now=april)
    sweep(now=april)
    assert state(leading)[1:] == [("2027-Q2", 0, 2, "running")]


def test_whoever_acts_for_one_matter_lays_nothing_down_for_leaders_of_other_bodies(leading, fire_chief, now):
    before = LeaderDuty.objects.count()
    with pytest.raises(NotAllowed):
        set_duty(
            leader=leader_of(leading, "chengdong"),
            kind="check",
            number=0,
            rhythm="monthly",
            since=TODAY,
            basis="x",
            actor=fire_chief.holdings.get().user,
            acting_post=fire_chief,
            now=now,
        )
    assert LeaderDuty.objects.count() == before


@pytest.mark.parametrize("by", ["chengdong", "chengxi", "inspector", "auditor", "principal"])
def test_nobody_lays_down_for_themselves_or_outside_their_place(leading, now, by):
    with pytest.raises(NotAllowed):
        lay_down(leading, now, by=by)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": -1}, "number"),
        ({"number": 367}, "number"),
        ({"since": TODAY - DAY}, "since"),
        ({"until": TODAY}, "until"),
        ({"basis": " "}, "basis"),
        ({"kind": "x"}, "kind"),
        ({"rhythm": "x"}, "rhythm"),
    ],
)
def test_a_duty_that_cannot_be_is_refused_at_its_field(leading, now, given, field):
    before = set(LeaderDuty.objects.values_list("pk", flat=True))
    with pytest.raises(Invalid) as refusal:
        lay_down(leading, now, **given)
    assert set(refusal.value.message_dict) == {field}
    assert set(LeaderDuty.objects.values_list("pk", flat=True)) == before


def test_a_policy_that_changes_counts_from_the_next_period_on(leading, now):
    LeaderDutyPolicy.objects.filter(role=LeaderRole.GOVERNMENT, kind="check").update(number=4)
    assert apply_policies(now=now + DAY) == 4  # of two posts, each one ended and one new
    assert state(leading) == [("2026-Q4", 0, 2, "running")]
    sweep(now=midnight(2027, 1, 1))
    assert state(leading)[1:] == [("2027-Q1", 0, 4, "running")]


def test_a_policy_that_is_gone_asks_nothing_after_the_running_period(leading, now):
    LeaderDutyPolicy.objects.filter(role=LeaderRole.GOVERNMENT, kind="check").update(
        span=(dt.date(2021, 1, 1), TODAY + DAY)
    )
    apply_policies(now=now + DAY)
    sweep(now=midnight(2027, 1, 1))
    assert state(leading) == [("2026-Q4", 0, 2, "lapsed")]
    assert Duty.objects.get(post=leading.posts["chengdong"], kind="leader_check").next_opens_at is None


def under(cast, now, enterprises, *, by="bureau", since=TODAY):
    return take_under_wing(
        leader=leader_of(cast, "chengdong"),
        enterprises=enterprises,
        since=since,
        actor=getattr(cast, by),
        acting_post=cast.posts[by],
        now=now,
    )


def test_an_enterprise_is_under_a_wing_once_however_often_it_is_given(leading, now):
    c = leading.city
    assert under(leading, now, [c.enterprise, c.other]) == 2
    assert under(leading, now, [c.enterprise, c.other, c.west]) == 1
    assert Wing.objects.count() == 3
    assert [leader.post for leader, _holder in in_contact(c.enterprise, now=now)] == [
        leading.posts["chengdong"]
    ]


def test_the_database_refuses_the_same_wing_twice_at_once(leading, now):
    under(leading, now, [leading.city.enterprise])
    with pytest.raises(IntegrityError, match="wing_once_at_a_time"), transaction.atomic():
        Wing.objects.create(
            leader=leader_of(leading, "chengdong"),
            enterprise=leading.city.enterprise,
            span=(TODAY + 5 * DAY, TODAY + 9 * DAY),
        )


def test_a_wing_ends_on_a_day_and_the_row_stays(leading, now):
    who = {"actor": leading.bureau, "acting_post": leading.posts["bureau"], "now": now}
    under(leading, now, [leading.city.enterprise])
    wing = Wing.objects.get()
    let_go(wing=wing, on=TODAY + DAY, **who)
    wing.refresh_from_db()
    assert wing.span.upper == TODAY + DAY
    with pytest.raises(Stale):
        let_go(wing=wing, on=TODAY + DAY, **who)
    assert in_contact(leading.city.enterprise, now=now + DAY) == []
    assert under(leading, now, [leading.city.enterprise], since=TODAY + DAY) == 1


def test_a_wing_is_given_only_by_whom_and_over_what_is_in_reach(leading, now):
    with pytest.raises(Invalid):
        under(leading, now, [])
    for by in ("chengdong", "chengxi", "inspector", "auditor", "enterprise"):
        with pytest.raises(NotAllowed):
            under(leading, now, [leading.city.enterprise], by=by)
    assert not Wing.objects.exists()


def test_a_head_gives_only_enterprises_of_their_own_place(leading, now):
    unit = make.UnitFactory(district=leading.city.township)
    make.PostFactory(kind=PostKind.HEAD, unit=unit)
    apply_policies(now=now)
    who = {"actor": leading.chengdong, "acting_post": leading.posts["chengdong"], "now": now}
    leader = Leader.objects.get(unit=unit)
    with pytest.raises(Invalid):
        take_under_wing(leader=leader, enterprises=[leading.city.west], since=TODAY, **who)
    assert take_under_wing(leader=leader, enterprises=[leading.city.enterprise], since=TODAY, **who) == 1


def test_no_visit_is_owed_where_no_enterprise_is_under_the_wing(leading, now):
    assert state(leading, kind="contact") == []
    assert owed(leading, kind="leader_contact") == []
    under(leading, now, [leading.city.enterprise])
    for _twice in range(2):
        open_periods(now=now)
    assert state(leading, kind="contact") == [("2026-Q4", 0, 1, "running")]
    assert owed(leading, kind="leader_contact") == [("", None)]
    assert state(leading, "chengxi", kind="contact") == []


def test_with_the_last_enterprise_the_visit_is_owed_no_more_and_owed_again_with_the_next(leading, now):
    who = {"actor": leading.bureau, "acting_post": leading.posts["bureau"], "now": now}
    under(leading, now, [leading.city.enterprise, leading.city.other])
    open_periods(now=now)
    first, last = Wing.objects.order_by("pk")
    let_go(wing=first, on=TODAY, **who)
    assert state(leading, kind="contact") == [("2026-Q4", 0, 1, "running")]
    let_go(wing=last, on=TODAY, **who)
    assert state(leading, kind="contact") == [("2026-Q4", 0, 1, "cancelled")]
    assert owed(leading, kind="leader_contact") == [(Outcome.CANCELLED, -38)]
    open_periods(now=now)
    leader = leader_of(leading, "chengdong")
    assert sums([leader], TODAY, dt.date(2026, 12, 31))[leader.pk].owed["contact"] == 0
    under(leading, now, [leading.city.enterprise])
    open_periods(now=now)
    assert state(leading, kind="contact") == [("2026-Q4", 0, 1, "running")]
    assert owed(leading, kind="leader_contact") == [(Outcome.CANCELLED, -38), ("", None)]


def test_a_wing_of_closed_enterprises_asks_for_no_visit_from_the_next_night_on(leading, now):
    under(leading, now, [leading.city.enterprise])
    open_periods(now=now)
    Enterprise.objects.filter(pk=leading.city.enterprise.pk).update(status="closed")
    for _twice in range(2):
        apply_policies(now=now)
    assert state(leading, kind="contact") == [("2026-Q4", 0, 1, "cancelled")]


def test_a_visit_names_an_enterprise_that_was_under_the_wing_that_day(leading, now):
    c = leading.city
    under(leading, now, [c.enterprise], since=TODAY - 10 * DAY)
    open_periods(now=now)
    for day, enterprise in (
        (TODAY, None),
        (TODAY, c.other.pk),
        (TODAY - 11 * DAY, c.enterprise.pk),
    ):
        with pytest.raises(Invalid) as refusal:
            did(leading, now, kind="contact", day=day, enterprise_id=enterprise)
        assert list(refusal.value.message_dict) == ["enterprise"]
    with pytest.raises(Invalid) as refusal:
        did(leading, now, enterprise_id=c.enterprise.pk)  # a check is no visit under the wing
    assert list(refusal.value.message_dict) == ["enterprise"]
    assert not LeaderDeed.objects.exists()
    token = uuid.uuid4()
    for _twice in range(2):
        did(leading, now, kind="contact", enterprise_id=c.enterprise.pk, token=token)
    assert LeaderDeed.objects.get().enterprise == c.enterprise
    assert state(leading, kind="contact") == [("2026-Q4", 1, 1, "met")]


def test_whom_a_visit_was_to_is_corrected_in_sight(leading, now):
    c = leading.city
    under(leading, now, [c.enterprise, c.other], since=TODAY - DAY)
    deed = did(leading, now, kind="contact", enterprise_id=c.enterprise.pk)
    who = {"actor": leading.chengdong, "acting_post": leading.posts["chengdong"], "now": now + DAY}
    done = Done(day=TODAY, what="带队检查宾馆", enterprise_id=c.other.pk)
    correct_deed(deed=deed, done=done, reason="选错了企业", **who)
    deed.refresh_from_db()
    assert deed.enterprise == c.other
    assert deed.earlier[0]["before"] == {"enterprise": c.enterprise.name}
    assert visits(leading) == {c.other.pk: TODAY}


def visits(cast):
    c = cast.city
    return last_visits(leader_of(cast, "chengdong"), [c.enterprise.pk, c.other.pk])


def test_when_an_enterprise_was_last_visited_counts_visits_and_checks_that_count(leading, now):
    c = leading.city
    under(leading, now, [c.enterprise, c.other], since=TODAY - 90 * DAY)
    did(leading, now, kind="contact", enterprise_id=c.enterprise.pk, day=TODAY - 9 * DAY)
    LeaderDeed.objects.create(
        leader=leader_of(leading, "chengdong"),
        kind="check",
        day=TODAY - 3 * DAY,
        site=c.hotel,
        recorded_at=now,
    )
    drop(leading, did(leading, now, kind="contact", enterprise_id=c.other.pk), now)
    assert visits(leading) == {c.enterprise.pk: TODAY - 3 * DAY}


def test_the_sums_of_a_quarter_are_what_fell_due_in_it_and_what_was_done_then(leading, now):
    did(leading, now, found=5, fixed=3)
    drop(leading, did(leading, now, found=9), now)
    did(leading, now, kind="meeting", what="安委会季度会议")
    did(leading, now, day=dt.date(2026, 9, 30), found=7)
    leader = leader_of(leading, "chengdong")
    _name, first, last = days_of(2026, 4)
    found = sums([leader], first, last)[leader.pk]
    assert (found.owed, found.done) == (
        {"check": 2, "meeting": 1, "contact": 0},
        {"check": 1, "meeting": 1, "contact": 0},
    )
    assert (found.found, found.fixed) == (5, 3)
    _name, first, last = days_of(2026, None)
    assert sums([leader], first, last)[leader.pk].done["check"] == 2


@given(day=st.dates(dt.date(2010, 1, 1), dt.date(2090, 12, 31)), rhythm=st.sampled_from(Rhythm))
def test_every_day_lies_in_one_period_of_a_rhythm_and_periods_follow_each_other(day, rhythm):
    name, first, following = period_of(day, rhythm)
    assert first <= day < following
    if rhythm in DAYS:
        assert following - first == dt.timedelta(days=DAYS[rhythm])
        assert rhythm == Rhythm.DAILY or first.weekday() == 0
    else:
        assert (following.year - first.year) * 12 + following.month - first.month == MONTHS[rhythm]
        assert first.day == following.day == 1
    after, then, _end = period_of(following, rhythm)
    assert then == following
    assert after != name
    assert period_of(following - DAY, rhythm)[0] == name


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("do"), st.integers(0, 40)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_each_period_counts_its_deeds_and_one_obligation_is_open_while_it_runs(
    leading, now, steps
):
    with transaction.atomic():
        at = now
        for what, n in steps:
            standing = list(LeaderDeed.objects.filter(cancelled_at=None).order_by("pk"))
            if what == "do":
                did(leading, at, day=clock.local_date(at) - n * DAY)
            elif what == "cancel" and standing:
                drop(leading, standing[n % len(standing)], at)
            elif what == "wait":
                at += n * DAY
                open_periods(now=at)
                open_periods(now=at)
        periods = LeaderPeriod.objects.filter(leader=leader_of(leading, "chengdong"), kind="check")
        assert periods.filter(is_current=True).count() == 1
        for row in periods:
            inside = LeaderDeed.objects.filter(
                Q(day__gte=row.first_on, day__lte=row.last_on), kind="check", cancelled_at=None
            )
            assert row.done == inside.count()
            is_open = Obligation.objects.open().filter(
                kind="leader_check", subject_id=row.pk, debtor_post=leading.posts["chengdong"]
            )
            assert is_open.count() == (row.state == "running")
            assert (row.state == "running") <= row.is_current
            assert (row.state == "met") == (row.done >= row.owed) or row.state == "lapsed"
        transaction.set_rollback(True)
