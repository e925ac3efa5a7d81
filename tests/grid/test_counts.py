"""Counts that are never counted: sums by place, matter and day agree with the rows, whatever happened."""

import datetime as dt

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hazards.choices import Grade, State
from hazards.counts import hazards, rectifications
from hazards.models import Hazard
from responsibility.models import Obligation
from safegrid.grid.counts import Narrowing, Span, differences, fold, installing, read, rebuild
from safegrid.grid.counts.tallies import LOCAL_DAY
from safegrid.grid.models import Count, CountDelta
from safegrid.grid.services import place_site
from safegrid.kernel import clock
from tests import factories as make

pytestmark = pytest.mark.django_db


def of(user, measure, span=None, tally=hazards, **more):
    span = span or Span()
    return read(user, tally, {measure: span}, **more).of(measure, span)


@pytest.fixture
def world(cast, now):
    """Hazards at several sites, of several matters, in several states."""
    city = cast.city
    sites = [city.hotel, city.shop, city.school]
    matters = [city.fire, city.gas, city.general]
    rows = []
    for number in range(24):
        rows.append(
            make.HazardFactory(
                site=sites[number % 3],
                matter=matters[number // 2 % 3],
                grade=Grade.MAJOR if number % 5 == 0 else Grade.GENERAL,
                state=[State.RECTIFYING, State.TO_ACCEPT, State.CLOSED, State.CANCELLED][number % 4],
                due_in=number - 12,
                found_at=now - dt.timedelta(days=20 + number),
            )
        )
    return rows


WHO = ("bureau", "chengdong", "fire", "inspector", "gridofficer", "enterprise", "rival", "auditor", "nobody")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("username", WHO)
def test_everybody_counts_what_they_may_read_folded_or_not(world, cast, now, username, when):
    if when == "after":
        assert fold() > 0
        assert not CountDelta.objects.exists()
    user = getattr(cast, username)
    rows = Hazard.objects.visible_to(user)
    assert of(user, "every") == rows.count()
    assert of(user, "open") == rows.open().count()
    assert of(user, "major") == rows.open().filter(grade=Grade.MAJOR).count()
    yesterday = clock.local_date(now) - dt.timedelta(days=1)
    assert of(user, "due", Span(last=yesterday)) == rows.overdue(now).count()
    week = Span(yesterday - dt.timedelta(days=25), yesterday - dt.timedelta(days=19))
    within = rows.filter(
        found_at__gte=clock.day_start(week.first), found_at__lt=clock.day_end(week.last)
    ).count()
    assert of(user, "found", week) == within


@pytest.mark.parametrize("username", ["bureau", "chengdong", "fire", "gridofficer"])
@pytest.mark.parametrize("level", ["district", "township", "cell"])
def test_places_below_add_up_to_what_stands_in_them(world, cast, username, level):
    fold()
    user = getattr(cast, username)
    counts = read(user, hazards, {"open": Span()}, by=level)
    rows = Hazard.objects.visible_to(user).open()
    expected = {}
    for row in rows.exclude(**{level: None}):
        place = getattr(row, f"{level}_id")
        expected[place] = expected.get(place, 0) + 1
    assert {group: counts.of("open", group=group) for group in counts.groups} == expected


@pytest.mark.parametrize("username", ["bureau", "chengdong", "fire", "gridofficer"])
def test_a_narrowing_counts_what_its_predicate_finds(world, cast, username):
    city, user = cast.city, getattr(cast, username)
    fold()
    for place in (None, city.chengdong, city.chengxi):
        for matter in (None, city.fire, city.gas):
            for industry in (None, city.catering.parent or city.catering):
                narrowing = Narrowing(place, matter, industry)
                rows = Hazard.objects.visible_to(user).filter(narrowing.q())
                assert of(user, "open", narrowing=narrowing) == rows.open().count(), narrowing
                assert of(user, "found", narrowing=narrowing) == rows.count(), narrowing


def test_what_was_late_then_is_known_though_it_was_met_since(world, cast, now):
    today = clock.local_date(now)
    row = make.ObligationFactory(subject=world[0], site=world[0].site, kind="hazard_rectify", due_in=-9)
    Obligation.objects.filter(pk=row.pk).update(
        closed_at=now - dt.timedelta(days=2), days_late=7, outcome="met", next_look_at=None
    )
    for day, late in ((-9, 0), (-8, 1), (-3, 1), (-2, 0), (0, 0)):
        end = today + dt.timedelta(days=day)
        became = of(cast.bureau, "became_late", Span(last=end - dt.timedelta(days=1)), rectifications)
        ended = of(cast.bureau, "ended_late", Span(last=end), rectifications)
        assert became - ended == late, day


def test_what_was_rectified_late_is_closed_and_not_closed_in_time(world, cast, now):
    day = clock.local_date(now) - dt.timedelta(days=40)
    for days_late in (-3, 0, 1, 30):
        make.HazardFactory(
            site=cast.city.hotel,
            matter=cast.city.general,
            state=State.CLOSED,
            closed_at=clock.day_start(day),
            days_late=days_late,
        )
    that_day = Span(day, day)
    for _folded in range(2):
        for user in (cast.bureau, cast.inspector, cast.principal):
            assert of(user, "closed", that_day) == 4
            assert of(user, "closed_in_time", that_day) == 2
        fold()
    assert differences() == []


def test_a_site_that_moves_takes_its_counts_along(world, cast, now):
    city = cast.city
    before = of(cast.bureau, "every", narrowing=Narrowing(place=city.chengxi))
    moved = Hazard.objects.filter(site=city.hotel).count()
    place_site(site=city.hotel, node=city.chengxi, actor=None, acting_post=None, now=now)
    assert of(cast.bureau, "every", narrowing=Narrowing(place=city.chengxi)) == before + moved
    assert differences() == []


def test_a_change_that_counts_for_nothing_writes_nothing(world):
    fold()
    Hazard.objects.update(description="新的说明")
    assert not CountDelta.objects.exists()


def do(what, number, *, at, now):
    """One thing that happens to the rows or to the sums."""
    rows = Hazard.objects.order_by("pk")
    day = clock.local_date(now) + dt.timedelta(days=number - 30)
    match what:
        case "change":
            states = [State.RECTIFYING, State.TO_ACCEPT, State.CANCELLED]
            changed = rows.values("pk")[number : number + 1]
            rows.filter(pk__in=changed).update(state=states[number % 3], closed_at=None, days_late=None)
        case "many":
            rows.exclude(state=State.CLOSED).update(due_on=day, due_at=clock.day_end(day))
        case "move":
            rows.filter(pk__in=rows.values("pk")[:number]).update(cell=None, community=None)
        case "delete":
            rows.filter(pk__in=rows.values("pk")[number : number + 2]).delete()
        case "add":
            make.HazardFactory(site=at, due_in=number - 30)
        case "fold":
            fold()
        case "rebuild":
            rebuild()


WHAT = ["change", "many", "move", "delete", "add", "fold", "rebuild"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(WHAT), st.integers(0, 60)), max_size=8))
def test_sums_agree_with_the_rows_after_any_writes_and_folds(world, now, steps):
    for what, number in steps:
        do(what, number, at=world[0].site, now=now)
        assert differences() == [], what
    fold()
    assert differences() == []
    assert not CountDelta.objects.exists()
    assert not Count.objects.filter(n=0).exists()


def test_a_wrong_sum_is_named_and_made_good(world):
    fold()
    assert differences() == []
    wrong = Count.objects.filter(measure="open", place=0, matter=0, industry=0)
    true = wrong.get().n
    wrong.update(n=true + 1)
    [(place, matter, industry, measure, _day, ours, rows)] = differences()
    assert (place, matter, industry, measure, ours, rows) == (0, 0, 0, "open", true + 1, true)
    rebuild()
    assert differences() == []


def test_the_triggers_are_those_that_are_declared():
    assert installing.install() == []
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION count_hazards CASCADE")
    assert installing.install() == ["hazards"]
    assert installing.install() == []


def test_days_in_the_database_are_the_portals(settings):
    assert settings.TIME_ZONE in LOCAL_DAY


def test_reading_costs_the_same_queries_for_few_rows_and_many(world, cast, django_assert_max_num_queries):
    for username in ("bureau", "chengdong", "fire", "enterprise"):
        user = getattr(cast, username)
        assert user.reach is not None
        with django_assert_max_num_queries(4):
            read(user, hazards, {"open": Span(), "due": Span()}, by="township")
