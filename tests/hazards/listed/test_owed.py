"""What a listing asks of whom by when; late, it climbs the ladder by itself."""

import datetime as dt

import pytest

from hazards.listed.choices import Owed
from hazards.listed.models import ListingRule
from responsibility.alerts.models import Alert
from responsibility.alerts.sweep import sweep
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from safegrid.accounts.models import Involvement
from tests.hazards.conftest import DAY


def owed(row):
    """What is open of the listing: kind → (who owes it, until when)."""
    rows = about(row.hazard).open().filter(kind__in=Owed).select_related("debtor_post", "debtor_enterprise")
    return {each.kind: (each.debtor_post or each.debtor_enterprise, each.due_on) for each in rows}


@pytest.fixture
def enterprise(play):
    return play.cast.city.enterprise


def test_a_listing_asks_the_enterprise_for_reports_and_for_its_request(board, play, enterprise):
    row = board.listed()
    assert owed(row) == {
        Owed.REPORT: (enterprise, play.day(15)),
        Owed.DELIST: (enterprise, play.day(90)),
    }
    for each in about(row.hazard).filter(kind__in=Owed):
        assert (each.creditor_post, each.is_major) == (play.posts["bureau"], True)


def test_days_of_ones_own_take_the_place_of_the_rules(board, play, enterprise):
    row = board.listed(due_on=play.day(30), report_days=7)
    assert owed(row) == {
        Owed.REPORT: (enterprise, play.day(7)),
        Owed.DELIST: (enterprise, play.day(30)),
    }


@pytest.mark.parametrize(
    ("days", "met", "following"),
    [(0, False, 15), (1, True, 30), (15, True, 30), (16, True, 30), (31, True, 45), (60, True, 75)],
)
def test_a_report_meets_its_own_period_and_the_rhythm_goes_on(board, play, enterprise, days, met, following):
    row = board.listed()
    begun = play.now
    play.now += days * DAY
    board.act(row, "report", "enterprise", note="已完成一半")
    assert owed(row)[Owed.REPORT] == (enterprise, (begun + following * DAY).date())
    report = row.reports.get()
    assert (report.text, report.due_on is not None) == ("已完成一半", met)
    closed = about(row.hazard).filter(kind=Owed.REPORT).exclude(closed_at=None)
    assert [each.days_late for each in closed] == ([days - 15] if met else [])


def test_reports_given_on_one_day_do_not_meet_later_periods(board, play, enterprise):
    row = board.listed()
    play.now += DAY
    for _ in range(3):
        board.act(row, "report", "enterprise")
    assert owed(row)[Owed.REPORT][1] == play.day(29)
    assert [report.due_on is None for report in row.reports.order_by("pk")] == [False, True, True]


def test_each_look_is_owed_by_whose_move_it_is(board, play):
    posts, row = play.posts, board.asked()
    assert owed(row) == {Owed.CHECK: (posts["inspector"], play.day(10))}
    board.act(row, "check", "inspector")
    assert owed(row) == {Owed.ACCEPT: (posts["inspector2"], play.day(10))}
    board.act(row, "accept", "inspector2")
    assert owed(row) == {Owed.APPROVE: (posts["bureau"], play.day(10))}
    row = board.act(row, "approve", "bureau")
    assert owed(row) == {Owed.SPOT: (posts["inspector"], play.day(30))}
    board.act(row, "confirm", "inspector")
    assert owed(row) == {}
    ended = about(row.hazard).filter(kind__in=Owed).values_list("kind", "outcome")
    wanted = dict.fromkeys(Owed, Outcome.MET) | {Owed.REPORT: Outcome.SUPERSEDED}
    assert dict(ended) == wanted


def test_acceptance_is_owed_by_the_body_that_listed_where_no_other_officer_is(board, play):
    row = board.asked()
    post = play.posts["inspector2"]
    post.scopes.all().delete()
    board.act(row, "check", "inspector")
    assert owed(row)[Owed.ACCEPT][0] == play.posts["bureau"]


def test_sent_back_it_asks_again_by_the_new_day_and_the_first_stays(board, play, enterprise):
    row = board.act(board.checked(), "send_back", "bureau", due_on=play.day(40))
    assert owed(row) == {
        Owed.REPORT: (enterprise, play.day(15)),
        Owed.DELIST: (enterprise, play.day(40)),
    }
    assert (row.due_on, row.original_due_on) == (play.day(40), play.day(90))
    assert about(row.hazard).open().get(kind=Owed.DELIST).original_due_on == play.day(90)
    assert (row.finding, row.checked_by, row.checked_at) == ("", None, None)


def test_a_withdrawn_one_asks_for_nothing(board):
    row = board.act(board.listed(), "withdraw", "bureau")
    assert owed(row) == {}
    assert set(about(row.hazard).filter(kind__in=Owed).values_list("outcome", flat=True)) == {
        Outcome.CANCELLED
    }


def test_a_late_report_climbs_the_ladder_to_who_listed(board, play):
    row = board.listed()
    begun = play.now
    told = {}
    for days in (12, 15, 16):
        sweep(now=begun + days * DAY, mail=False)
        alerts = Alert.objects.filter(obligation__kind=Owed.REPORT, obligation__subject_id=row.hazard_id)
        told[days] = {alert.post for alert in alerts}
    staff = {play.posts["enterprise"], play.posts["principal"]}
    assert told[12] == staff
    assert told[16] >= staff | {play.posts["bureau"]}


def test_the_listing_keeps_its_rule_when_another_comes_into_force(board, play):
    row = board.accepted()
    ListingRule.objects.filter(level="city").first()
    rule = ListingRule.objects.get(level="city")
    rule.pk, rule.since, rule.spot_days = None, play.day(0), 5
    rule._state.adding = True
    rule.save()
    row = board.act(row, "approve", "bureau")
    assert owed(row)[Owed.SPOT][1] == play.day(30)
    play.now += DAY
    other = board.delisted()
    assert owed(other)[Owed.SPOT][1] == play.day(5)


def test_the_body_that_listed_it_keeps_seeing_it(board, play):
    row = board.listed()
    play.posts["bureau"].scopes.all().delete()
    assert Involvement.objects.filter(post=play.posts["bureau"], role="listing").count() == 1
    bureau = type(play.cast.bureau).objects.get(pk=play.cast.bureau.pk)
    assert type(row.hazard).objects.visible_to(bureau).get() == row.hazard
    assert isinstance(row.due_on, dt.date)
