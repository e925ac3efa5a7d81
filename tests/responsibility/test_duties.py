"""A duty opens its next period in the sweep; the new period lapses what was left of the old one."""

import datetime as dt

import pytest

from inspections.models import SelfInspection
from responsibility.alerts.sweep import POISON_PAUSE, open_periods, sweep
from responsibility.models import Duty, Obligation
from responsibility.obligations.choices import Outcome, Rhythm
from safegrid.kernel import clock
from tests import factories as make
from tests.responsibility.conftest import told


def midnight(*day: int) -> dt.datetime:
    return clock.day_start(dt.date(*day))


@pytest.fixture
def duty(cast, policies, now):
    """The hotel inspects itself every month, from now on."""
    make.ChecklistFactory(code="general")
    return make.DutyFactory(site=cast.city.hotel, params={"checklist": "general"}, next_opens_at=now)


def periods():
    """(period, state) of each self-inspection, in order."""
    return list(SelfInspection.objects.order_by("pk").values_list("period", "state"))


def test_the_sweep_opens_the_period_and_says_when_the_next_one_opens(duty, now):
    sweep(now=now)
    row = Obligation.objects.get()
    assert (row.kind, row.duty, row.debtor_enterprise) == ("self_inspection", duty, duty.site.enterprise)
    assert (row.due_on, row.due_at) == (dt.date(2026, 11, 30), midnight(2026, 12, 1))
    duty.refresh_from_db()
    assert duty.next_opens_at == midnight(2026, 12, 1)
    assert open_periods(now=now) == 0


def test_a_new_period_lapses_the_old_one_visibly(duty, now):
    sweep(now=now)
    sweep(now=midnight(2026, 12, 1))
    assert periods() == [("2026-11", "lapsed"), ("2026-12", "due")]
    old, new = Obligation.objects.order_by("pk")
    assert (old.outcome, old.closed_at, old.days_late) == (Outcome.LAPSED, midnight(2026, 12, 1), 1)
    assert new.closed_at is None


def test_after_a_long_outage_only_the_present_period_is_open(duty, now):
    sweep(now=now)
    sweep(now=midnight(2027, 3, 10))
    assert periods() == [("2026-11", "lapsed"), ("2027-03", "due")]


@pytest.mark.parametrize(
    ("rhythm", "period", "following"),
    [
        (Rhythm.MONTHLY, "2026-11", (2026, 12, 1)),
        (Rhythm.QUARTERLY, "2026-Q4", (2027, 1, 1)),
        (Rhythm.YEARLY, "2026", (2027, 1, 1)),
    ],
)
def test_each_rhythm_has_its_periods(duty, now, rhythm, period, following):
    Duty.objects.update(rhythm=rhythm)
    sweep(now=now)
    assert periods() == [(period, "due")]
    duty.refresh_from_db()
    assert duty.next_opens_at == midnight(*following)


def test_a_duty_at_rest_opens_nothing(duty, now):
    Duty.objects.update(next_opens_at=None)
    assert open_periods(now=now) == 0


@pytest.mark.parametrize("broken", [{"kind": "unheard_of"}, {"params": {}}, {"kind": "hazard_rectify"}])
def test_a_duty_that_fails_stops_no_other_and_is_tried_later(duty, cast, now, broken, caplog):
    params = {"checklist": "general"}
    sick = make.DutyFactory(**{"site": cast.city.warehouse, "params": params, "next_opens_at": now} | broken)
    assert open_periods(now=now) == 1
    sick.refresh_from_db()
    assert (sick.failures, sick.next_opens_at) == (1, now + POISON_PAUSE)
    assert f"duty {sick.pk} cannot be opened" in caplog.text


def test_an_overdue_self_inspection_climbs_the_same_ladder(duty, now):
    sweep(now=now)
    sweep(now=midnight(2026, 11, 27))
    sweep(now=midnight(2026, 11, 30))
    assert told() == {(rung, name) for rung in (1, 2) for name in ("enterprise", "principal")}
