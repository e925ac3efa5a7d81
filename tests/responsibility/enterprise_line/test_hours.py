"""Hours of training that are owed and done: by role, year, high risk and what was passed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.enterprise_line.choices import Result, StaffRole
from responsibility.enterprise_line.models import HighRiskMatter, Participation, Staff, TrainingPolicy
from responsibility.enterprise_line.queries.hours import judged_on, with_hours
from safegrid.grid.models import SiteMatter
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
#: DOMAIN: role, high risk → hours at first, hours a year.
DEFAULTS = {
    (StaffRole.PRINCIPAL, False): (32, 12),
    (StaffRole.PRINCIPAL, True): (48, 16),
    (StaffRole.SAFETY_MANAGER, False): (32, 12),
    (StaffRole.SAFETY_MANAGER, True): (48, 16),
    (StaffRole.SPECIAL_OPERATIONS, False): (24, 0),
    (StaffRole.SPECIAL_OPERATIONS, True): (72, 20),
    (StaffRole.WORKER, False): (24, 0),
    (StaffRole.WORKER, True): (72, 20),
}


def hours(person, year=2026, today=TODAY):
    """(owed, done, missing) of one person."""
    row = with_hours(Staff.objects.filter(pk=person.pk), year=year, today=today).get()
    assert row.missing == max(row.owed - row.done, 0)
    return row.owed, row.done, row.missing


def taught(person, held_on, n, result=Result.PASSED):
    row = make.TrainingFactory(enterprise=person.enterprise, held_on=held_on, hours=n)
    Participation.objects.create(training=row, staff=person, result=result)


def make_high_risk(city, since=dt.date(2021, 9, 1)):
    """Let gas be a high-risk matter; the rival's shop has it."""
    HighRiskMatter.objects.create(matter=city.gas, source="试验", since=since)


@pytest.mark.parametrize(("role", "is_high"), DEFAULTS)
def test_the_defaults_are_those_of_the_domain(books, role, is_high):
    make_high_risk(books.city)
    at = books.city.other if is_high else books.enterprise
    first, yearly = DEFAULTS[role, is_high]
    new = make.StaffFactory(enterprise=at, role=role, joined_on=dt.date(2026, 7, 1))
    old = make.StaffFactory(enterprise=at, role=role, joined_on=dt.date(2025, 12, 31))
    assert hours(new)[0] == first
    assert hours(old)[0] == yearly


def test_a_matter_below_a_high_risk_one_makes_it_high_risk_too(books):
    HighRiskMatter.objects.create(matter=books.city.fire, source="试验", since=dt.date(2021, 9, 1))
    assert hours(books.manager)[0] == 16  # the hotel has the fire safety of crowded places


def test_who_joins_later_owes_nothing_of_a_year_before(books):
    new = make.StaffFactory(enterprise=books.enterprise, joined_on=dt.date(2026, 7, 1))
    assert hours(new, year=2025)[0] == 0
    assert hours(new, year=2027, today=dt.date(2027, 2, 1))[0] == 12


def test_a_failed_or_missed_training_and_one_before_joining_do_not_count(books):
    new = make.StaffFactory(enterprise=books.enterprise, joined_on=dt.date(2026, 7, 1))
    taught(new, dt.date(2026, 6, 30), 8)
    taught(new, dt.date(2026, 8, 1), 8, Result.FAILED)
    taught(new, dt.date(2026, 8, 2), 8, Result.ABSENT)
    taught(new, dt.date(2025, 8, 3), 8)
    assert hours(new) == (32, 0, 32)
    taught(new, dt.date(2026, 12, 31), 5)
    assert hours(new) == (32, 5, 27)


def test_more_than_is_owed_is_missing_nothing(books):
    taught(books.manager, dt.date(2026, 3, 1), 20)
    assert hours(books.manager) == (12, 20, 0)


def test_the_rule_in_force_on_the_day_counts(books):
    TrainingPolicy.objects.create(
        role=StaffRole.SAFETY_MANAGER,
        first_hours=40,
        yearly_hours=15,
        since=dt.date(2026, 12, 1),
        source="新规",
    )
    assert hours(books.manager)[0] == 12
    assert hours(books.manager, today=dt.date(2026, 12, 1))[0] == 15
    assert hours(books.manager, year=2025)[0] == 12
    TrainingPolicy.objects.all().delete()
    assert hours(books.manager)[0] == 0


def test_becoming_high_risk_counts_from_that_day_and_not_for_a_year_that_is_over(books):
    make_high_risk(books.city)
    SiteMatter.objects.create(
        site=books.city.hotel, matter=books.city.gas, span=(dt.date(2026, 11, 1), None), origin="hand"
    )
    assert hours(books.manager, today=dt.date(2026, 10, 31))[0] == 12
    assert hours(books.manager)[0] == 16
    assert hours(books.manager, year=2025)[0] == 12


@given(
    joined=st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
    year=st.integers(2024, 2027),
    role=st.sampled_from(StaffRole.values),
    since=st.none() | st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
    trainings=st.lists(
        st.tuples(
            st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)),
            st.decimals("0.5", "24", places=1),
            st.sampled_from(Result.values),
        ),
        max_size=6,
    ),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_query_agrees_with_the_rule_in_words(books, joined, year, role, since, trainings):
    """Joined mid-year, high risk from some day, results of all sorts: the same as counted by hand."""
    with transaction.atomic():
        mark = transaction.savepoint()
        if since is not None:
            make_high_risk(books.city)
            SiteMatter.objects.filter(site=books.city.hotel, matter=books.city.gas).delete()
            SiteMatter.objects.create(
                site=books.city.hotel, matter=books.city.gas, span=(since, None), origin="hand"
            )
        person = make.StaffFactory(enterprise=books.enterprise, role=role, joined_on=joined)
        for held_on, n, result in trainings:
            taught(person, held_on, n, result)
        on = judged_on(year, TODAY)
        is_high = since is not None and since <= on
        first, yearly = DEFAULTS[StaffRole(role), is_high]
        owed = 0 if joined.year > year else first if joined.year == year else yearly
        done = sum(
            (
                n
                for held_on, n, result in trainings
                if held_on.year == year and held_on >= joined and result == "passed"
            ),
            Decimal(0),
        )
        assert hours(person, year=year) == (owed, done, max(owed - done, 0))
        transaction.savepoint_rollback(mark)


def test_hours_of_everybody_cost_one_query_and_three_for_the_rules(books):
    make_high_risk(books.city)
    make.StaffFactory.create_batch(30, enterprise=books.enterprise)
    with CaptureQueriesContext(connection) as queries:
        assert len(with_hours(Staff.objects.all(), year=2026, today=TODAY)) == 31
    assert len(queries) == 4
