"""Overdue and days over are defined once: what SQL says and what the row says never differ."""

import datetime as dt

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards.models import Hazard
from responsibility.models import Obligation
from safegrid.kernel import clock
from tests import factories as make

YEAR = st.integers(0, 365 * 24 * 60 * 60).map(
    lambda seconds: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
)


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(due=YEAR, looks=st.lists(YEAR, min_size=1, max_size=4), ends_with_day=st.booleans())
def test_sql_and_property_agree(city, due, looks, ends_with_day):
    due_at = clock.day_end(clock.local_date(due)) if ends_with_day else due
    with transaction.atomic():
        hazard = make.HazardFactory(site=city.hotel, matter=city.general, due_at=due_at)
        row = make.ObligationFactory(site=city.hotel, subject=hazard, due_at=due_at)
        for now in [*looks, due_at, due_at - dt.timedelta(microseconds=1)]:
            is_late = row.is_overdue(now)
            assert Obligation.objects.overdue(now).exists() == is_late == (now >= due_at)
            assert Hazard.objects.overdue(now).exists() == hazard.is_overdue(now) == is_late
            assert hazard.days_over(now) == row.days_over(now)
            if is_late:
                assert row.days_over(now) >= (1 if ends_with_day else 0)
            else:
                assert row.days_over(now) <= 0
        transaction.set_rollback(True)


def test_days_over_are_local_days(city):
    """Half past midnight in Xining is still the day before in UTC."""
    due = dt.date(2026, 11, 22)
    row = make.ObligationFactory(site=city.hotel, due_at=clock.day_end(due))
    assert row.due_on == due
    assert row.days_over(dt.datetime(2026, 11, 22, 15, 59, tzinfo=dt.UTC)) == 0
    assert row.days_over(dt.datetime(2026, 11, 22, 16, 0, tzinfo=dt.UTC)) == 1


def test_what_is_closed_is_not_overdue(city, now):
    row = make.ObligationFactory(site=city.hotel, due_in=-3)
    assert row.is_overdue(now)
    assert Obligation.objects.overdue(now).exists()
    row.closed_at, row.outcome, row.days_late = now, "met", 3
    row.save()
    assert not row.is_overdue(now)
    assert not Obligation.objects.overdue(now).exists()
