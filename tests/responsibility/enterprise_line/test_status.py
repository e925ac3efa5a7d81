"""What becomes of hours, certificates and rounds when an enterprise closes is shown before, by its rules."""

import datetime as dt

import pytest

from responsibility.alerts.sweep import sweep
from responsibility.enterprise_line import owing, rounds
from responsibility.enterprise_line.services.checks import check_rest
from responsibility.enterprise_line.services.risks import enter_point, remove_point
from responsibility.models import Duty, Obligation, RiskRound, StatusRule
from responsibility.standing.choices import Effect
from safegrid.grid.models import Enterprise, Site
from safegrid.grid.status import carry_out, change_status, preview
from tests import factories as make
from tests.responsibility.enterprise_line.test_risks import facts

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
OWN = (owing.CREDENTIAL, owing.TRAINING)


@pytest.fixture
def owes(books):
    """The hotel's enterprise owes the hours of one person and the renewal of their certificate."""
    make.CredentialFactory(holder=books.manager, valid_until=TODAY, due_on=TODAY)
    owing.look(now=books.now)
    assert outcomes() == dict.fromkeys(OWN, "")
    return books


def outcomes():
    """What became of what was owed, by kind; nothing while it is open."""
    rows = Obligation.objects.filter(kind__in=OWN).order_by("pk")
    return dict(rows.values_list("kind", "outcome"))


def told(books, status, site=None):
    """What the page shows before it is done."""
    rows = preview(enterprise=books.enterprise, site=site, status=status, since=TODAY)
    return {str(each.what): (str(each.effect), each.count) for each in rows}


def change(books, status, site=None, now=None, since=TODAY, **more):
    given = books.official | ({"now": now} if now else {})
    change_status(
        enterprise=books.enterprise, site=site, status=status, since=since, reason="歇业", **given, **more
    )


def night(books, days=1):
    owing.look(now=books.now + days * DAY)


def test_of_a_closed_enterprise_they_end_as_shown_and_are_not_done(owes):
    ends = str(Effect.ENDS.label)
    assert told(owes, "closed") == {"Certificate": (ends, 1), "Training": (ends, 1)}
    for _twice in range(2):
        change(owes, "closed")
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    for days in (1, 2):
        night(owes, days)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    assert Obligation.objects.filter(kind__in=OWN).count() == 2


def test_where_the_rule_lets_them_stay_they_are_not_done_by_closing(owes):
    StatusRule.objects.filter(status="closed", kind__in=OWN).update(effect=Effect.STAYS)
    stays = str(Effect.STAYS.label)
    assert told(owes, "closed") == {"Certificate": (stays, 1), "Training": (stays, 1)}
    change(owes, "closed")
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "")


def test_while_another_site_works_on_the_enterprise_owes_them(owes):
    home = Obligation.objects.filter(kind=owing.TRAINING).get().site
    stays = str(Effect.STAYS.label)
    assert told(owes, "closed", home) == {"Certificate": (stays, 1), "Training": (stays, 1)}
    change(owes, "closed", home)
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "")
    # With its last site the enterprise closes, wherever it was that they stood.
    last = owes.city.warehouse if home == owes.city.hotel else owes.city.hotel
    ends = str(Effect.ENDS.label)
    assert told(owes, "closed", last) == {"Certificate": (ends, 1), "Training": (ends, 1)}
    change(owes, "closed", last)
    assert Enterprise.objects.get(pk=owes.enterprise.pk).status == "closed"
    assert outcomes() == dict.fromkeys(OWN, "cancelled")


def test_what_rests_by_a_rule_is_not_asked_for_again_until_work_begins(owes):
    for kind in OWN:
        StatusRule.objects.create(status="suspended", kind=kind, effect=Effect.RESTS, source="市局")
    rests = str(Effect.RESTS.label)
    assert told(owes, "suspended") == {"Certificate": (rests, 1), "Training": (rests, 1)}
    change(owes, "suspended")
    night(owes)
    assert Obligation.objects.open().filter(kind__in=OWN).count() == 0
    change(owes, "operating", now=owes.now + 2 * DAY, since=TODAY + 2 * DAY)
    night(owes, 2)
    assert set(Obligation.objects.open().values_list("kind", flat=True)) == set(OWN)


def test_out_of_season_they_rest_and_in_season_they_are_asked_for(owes):
    for kind in OWN:
        StatusRule.objects.create(status="seasonal", kind=kind, effect=Effect.RESTS, source="市局")
    change(owes, "seasonal", months=[6])
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")
    change(owes, "seasonal", months=[11], now=owes.now + DAY, since=TODAY + DAY)
    night(owes)
    assert set(Obligation.objects.open().values_list("kind", flat=True)) == set(OWN)


def test_what_an_earlier_closing_left_open_ends_the_next_night(owes):
    Enterprise.objects.filter(pk=owes.enterprise.pk).update(status="closed")
    night(owes)
    assert outcomes() == dict.fromkeys(OWN, "cancelled")


@pytest.fixture
def rounding(books):
    """The hotel has a risk point that is looked at daily, and its warehouse one of each month."""
    enter_point(site=books.city.hotel, facts=facts(books), **books.me)
    enter_point(site=books.city.warehouse, facts=facts(books, rhythm="monthly"), **books.me)
    assert checks() == [("hotel", "daily", ""), ("warehouse", "monthly", "")]
    return books


def checks():
    """Where which rounds were owed, and what became of them; nothing while they are open."""
    rows = Obligation.objects.filter(kind__in=rounds.KINDS).order_by("pk")
    names = {"恒盛宾馆": "hotel", "恒盛仓库": "warehouse"}
    return [(names[row.site.name], row.kind.removeprefix("risk_check_"), row.outcome) for row in rows]


def awake():
    """Of which rhythms another round will open."""
    return set(Duty.objects.exclude(next_opens_at=None).values_list("rhythm", flat=True))


def sweeps(books, *days):
    for day in days:
        sweep(now=books.now + day * DAY)


@pytest.mark.parametrize(
    ("status", "effect"), [("closed", Effect.ENDS), ("suspended", Effect.RESTS), ("seasonal", Effect.RESTS)]
)
def test_where_nobody_works_no_round_is_opened_as_shown_and_none_is_missed(rounding, status, effect):
    hotel, months = rounding.city.hotel, {"months": [6]} if status == "seasonal" else {}
    rows = preview(enterprise=rounding.enterprise, site=hotel, status=status, since=TODAY, **months)
    assert [(str(each.what), str(each.effect), each.count) for each in rows] == [
        ("Check of risk points", str(effect.label), 1)
    ]
    for _twice in range(2):
        change(rounding, status, hotel, **months)
    sweeps(rounding, 1, 2)
    assert checks() == [("hotel", "daily", "cancelled"), ("warehouse", "monthly", "")]
    assert awake() == {"monthly"}
    row = RiskRound.objects.get(site=hotel)
    assert row.lapsed_at == rounding.now
    assert check_rest(row=row, **rounding.me) == 0


def test_begun_again_on_the_same_day_the_round_is_owed_again(rounding):
    change(rounding, "suspended")
    assert awake() == set()
    change(rounding, "operating", now=rounding.now + 2 * DAY, since=TODAY + 2 * DAY)
    sweeps(rounding, 2)
    assert awake() == {"daily", "monthly"}
    assert checks() == [
        ("hotel", "daily", "cancelled"),
        ("warehouse", "monthly", "cancelled"),
        ("hotel", "daily", ""),
        ("warehouse", "monthly", ""),
    ]
    assert RiskRound.objects.filter(rhythm="monthly").get().is_open
    sweeps(rounding, 3)
    assert [each for each in checks() if each[2] == "lapsed"] == [("hotel", "daily", "lapsed")]


def test_where_the_rule_lets_rounds_stay_they_go_on(rounding):
    StatusRule.objects.filter(status="suspended").update(effect=Effect.STAYS)
    change(rounding, "suspended")
    sweeps(rounding, 1)
    assert awake() == {"daily", "monthly"}
    assert checks() == [
        ("hotel", "daily", "lapsed"),
        ("warehouse", "monthly", ""),
        ("hotel", "daily", ""),
    ]


def test_a_risk_point_that_is_entered_at_rest_is_looked_at_when_work_begins(rounding):
    change(rounding, "suspended", rounding.city.hotel)
    hotel = Site.objects.get(pk=rounding.city.hotel.pk)
    enter_point(site=hotel, facts=facts(rounding, name="灶台", rhythm="weekly"), **rounding.me)
    assert awake() == {"monthly"}
    change(rounding, "operating", rounding.city.hotel, now=rounding.now + DAY, since=TODAY + DAY)
    sweeps(rounding, 1)
    assert awake() == {"daily", "weekly", "monthly"}


def test_what_has_no_risk_points_any_more_wakes_for_nothing(rounding):
    point = rounding.city.hotel.risk_points.get()
    remove_point(point=point, on=TODAY, reason="拆除", **rounding.me)
    change(rounding, "suspended")
    change(rounding, "operating", now=rounding.now + DAY, since=TODAY + DAY)
    sweeps(rounding, 1)
    assert awake() == {"monthly"}
    assert ("hotel", "daily", "") not in checks()


def test_in_season_rounds_are_done_and_out_of_it_they_rest(rounding):
    hotel = rounding.city.hotel
    change(rounding, "seasonal", hotel, months=[11])
    sweeps(rounding, 1)
    assert awake() == {"daily", "monthly"}
    december = rounding.now + 9 * DAY
    carry_out(now=december)
    sweep(now=december)
    assert awake() == {"monthly"}


def test_rounds_of_a_site_that_was_closed_before_the_rule_end_by_themselves(rounding):
    Site.objects.filter(pk=rounding.city.hotel.pk).update(status="closed")
    sweeps(rounding, 1, 2)
    assert awake() == {"monthly"}
    assert checks() == [("hotel", "daily", "cancelled"), ("warehouse", "monthly", "")]
