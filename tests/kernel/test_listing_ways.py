"""The statement of a page is remembered by its question; what it finds never is."""

import datetime as dt
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.http import QueryDict

from hazards.listing import hazards
from safegrid.accounts.models import Holding, User
from safegrid.grid.models import Unit
from safegrid.kernel.listing import listings, ways
from safegrid.kernel.listing.selection import Selection
from tests import factories as make

NAMES = [name for name, _ in listings.items()]
PEOPLE = ("bureau", "chengdong", "fire", "gridofficer", "enterprise", "auditor")
MORNING = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
EVENING = MORNING + dt.timedelta(hours=9)  # the same day in Xining


@pytest.fixture(autouse=True)
def nothing_known():
    with patch.object(ways, "_known", {}):
        yield


def ask(listing, username, query="", now=MORNING):
    """Return what a person chose, looked up anew as each request does."""
    request = SimpleNamespace(user=User.objects.get(username=username), GET=QueryDict(query))
    return Selection(listing, request, now=now)


def sample(filters, name):
    """Return a value that the filter understands."""
    field = filters.form.fields[name]
    offered = [value for value, _label in getattr(field, "choices", ()) if value not in ("", None)]
    if offered:
        return str(offered[0])
    return {"box": "100,35,103,38"}.get(name, "2026-11-20" if "from" in name or "to" in name else "恒盛")


def same_way(listing, username, query):
    """Ask in the morning, again in the evening; return whether the words of the evening were known."""
    for _ in range(2):  # the first time a process may have to read the types of contents
        ask(listing, username, query).page()
    evening = ask(listing, username, query, EVENING)
    assert evening.is_understood, query
    fresh = evening._way(51)
    question = evening._question(50)
    known = ways._known.get(question)
    if known is not None:
        assert known.sql == fresh.sql
        assert known.filled(EVENING, None) == fresh.filled(EVENING, None)
        assert known.is_known
        assert not fresh.is_known
        assert known.ids(EVENING, None) == fresh.ids(EVENING, None)
    return known is not None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_remembered_of_a_view_is_what_would_be_worded_later_that_day(name, cast):
    listing = listings[name]
    known = {
        (username, tab.key, sort.key): same_way(listing, username, f"tab={tab.key}&sort={sort.key}")
        for username in PEOPLE
        for tab in listing.tabs
        for sort in listing.sorts
    }
    assert any(known.values())


@pytest.mark.parametrize("name", NAMES)
def test_so_it_is_with_every_filter(name, cast):
    listing = listings[name]
    city = cast.city
    make.HazardFactory(site=city.hotel, matter=city.fire)
    for username in ("bureau", "chengdong"):
        filters = ask(listing, username).filterset(SimpleNamespace(user=getattr(cast, username)))
        for each in filters.form.fields:
            value = sample(filters, each)
            query = QueryDict(mutable=True)
            query[each] = value
            chosen = ask(listing, username, query.urlencode())
            if chosen.is_understood:  # a choice of rows may have none on offer
                same_way(listing, username, query.urlencode())


def test_the_views_of_hazards_are_known_the_second_time(cast):
    for tab in hazards.tabs:
        assert same_way(hazards, "chengdong", f"tab={tab.key}&sort=due"), tab.key


def test_a_page_further_down_is_known_whatever_row_it_begins_after(cast):
    city = cast.city
    rows = make.HazardFactory.create_batch(7, site=city.hotel, matter=city.general)
    first = ask(hazards, "inspector", "tab=all&sort=found")
    found = first.page(2)
    seen = list(found.rows["id"])
    before = None
    while found.next:
        step = ask(hazards, "inspector", f"tab=all&sort=found&after={found.next.encode(first.order)}")
        found = step.page(2)
        seen += found.rows["id"]
        before = before or len(ways._known)
        assert len(ways._known) == before  # all that come after the second page
    assert sorted(seen) == sorted(row.pk for row in rows)
    assert len(set(seen)) == 7


def test_a_row_that_is_new_is_found_by_words_that_are_known(cast):
    city = cast.city
    ask(hazards, "inspector", "tab=all").page()
    new = make.HazardFactory(site=city.hotel, matter=city.general)
    assert list(ask(hazards, "inspector", "tab=all").page().rows["id"]) == [new.pk]


def test_what_becomes_late_is_found_by_words_of_before(cast):
    city = cast.city
    due = make.HazardFactory(
        site=city.hotel, matter=city.general, state="rectifying", due_at=MORNING + dt.timedelta(hours=3)
    )
    assert list(ask(hazards, "inspector", "tab=overdue").page().rows["id"]) == []
    later = ask(hazards, "inspector", "tab=overdue", EVENING)
    assert later._question(50) in ways._known
    assert list(later.page().rows["id"]) == [due.pk]


def test_whoever_loses_their_post_finds_nothing_by_the_words_of_before(cast, now):
    city = cast.city
    make.HazardFactory(site=city.hotel, matter=city.general)
    assert len(ask(hazards, "inspector", "tab=all").page().rows) == 1
    Holding.objects.filter(user=cast.inspector).delete()
    assert len(ask(hazards, "inspector", "tab=all").page().rows) == 0


def test_another_day_is_another_question(cast):
    today = ask(hazards, "inspector", "tab=overdue")._question(50)
    tomorrow = ask(hazards, "inspector", "tab=overdue", MORNING + dt.timedelta(days=1))._question(50)
    assert today != tomorrow


def test_a_filter_that_asks_the_database_for_its_words_is_worded_anew(cast):
    unit = Unit.objects.order_by("pk").first()
    assert not same_way(hazards, "bureau", f"governed_by={unit.pk}")


def test_words_that_work_with_the_moment_are_not_remembered(db):
    way = ways.Way("SELECT 1", (ways.Moment.of(MORNING) - dt.timedelta(hours=1),), ways.Moment.of(MORNING))
    assert not way.lasts


def test_only_so_many_ways_are_remembered(cast, monkeypatch):
    monkeypatch.setattr(ways, "MOST", 3)
    for size in range(10):
        ask(hazards, "inspector").page(size + 1)
    assert len(ways._known) <= 3
