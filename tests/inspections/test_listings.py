"""The lists of visits and self-inspections."""

import datetime as dt

import pytest

from inspections.choices import SelfInspectionState
from safegrid.kernel import clock
from tests import factories as make


@pytest.fixture
def ask(client, cast):
    """Ask the API as `bureau`, or as `user`."""

    def answer(name, query="", user=cast.bureau):
        client.force_login(user)
        response = client.get(f"/api/v1/{name}/?{query}")
        assert response.status_code == 200, response.json()
        return response.json()["results"]

    return answer


def test_views_of_visits_hold_what_they_say(cast, ask):
    city = cast.city
    quiet = make.VisitFactory(site=city.hotel, matter=city.fire)
    found = make.VisitFactory(site=city.hotel, matter=city.fire, found_count=2)
    make.VisitOfficerFactory(visit=quiet, user=cast.inspector, post=cast.posts["inspector"])

    def numbers(*args, **kwargs):
        return {row["number"] for row in ask("visits", *args, **kwargs)}

    assert numbers("tab=all") == {quiet.number, found.number}
    assert numbers("tab=found") == {found.number}
    assert numbers("tab=mine", user=cast.inspector) == {quiet.number}
    assert numbers("tab=mine", user=cast.inspector2) == set()


def test_visits_are_narrowed_to_exactly_their_rows(cast, ask, now):
    city = cast.city
    hotel = make.VisitFactory(site=city.hotel, matter=city.crowded, kind="patrol")
    shop = make.VisitFactory(site=city.shop, matter=city.gas, visited_at=now - dt.timedelta(days=40))
    wanted = {
        "kind=patrol": {hotel.number},
        "matter=fire": {hotel.number},
        "matter=gas": {shop.number},
        "industry=62": {hotel.number},
        f"enterprise={city.other.pk}": {shop.number},
        "q=恒盛": {hotel.number},
        "visited_from=2026-11-22": {hotel.number},
        "visited_to=2026-11-21": {shop.number},
    }
    for query, expected in wanted.items():
        assert {row["number"] for row in ask("visits", query)} == expected, query


@pytest.mark.parametrize(
    ("username", "may"),
    [("inspector", True), ("gridofficer", True), ("bureau", False), ("enterprise", False)],
)
def test_the_way_to_record_a_visit_is_shown_to_whom_makes_visits(cast, client, username, may):
    client.force_login(getattr(cast, username))
    assert ('href="/inspections/new/"' in client.get("/inspections/").text) is may


def test_views_of_self_inspections_hold_what_they_say(cast, ask, now):
    city = cast.city
    rows = {
        "due": make.SelfInspectionFactory(site=city.hotel),
        "draft over": make.SelfInspectionFactory(site=city.hotel, due_in=-3, state=SelfInspectionState.DRAFT),
        "today": make.SelfInspectionFactory(site=city.hotel, due_in=0),
        "filed": make.SelfInspectionFactory(
            site=city.hotel, due_in=-3, state=SelfInspectionState.FILED, filed_at=now
        ),
        "lapsed": make.SelfInspectionFactory(site=city.hotel, due_in=-40, state=SelfInspectionState.LAPSED),
    }
    names = {row.pk: name for name, row in rows.items()}
    views = {
        tab: {names[row["id"]] for row in ask("self-inspections", f"tab={tab}")}
        for tab in ("owed", "overdue", "filed", "all")
    }
    assert views == {
        "owed": {"due", "draft over", "today"},
        "overdue": {"draft over"},
        "filed": {"filed"},
        "all": set(rows),
    }
    over = {names[row["id"]]: row["days_over"] for row in ask("self-inspections")}
    assert over == {"due": -7, "draft over": 3, "today": 0, "filed": None, "lapsed": None}
    due = {names[row["id"]]: row["due"] for row in ask("self-inspections")}
    assert due["today"] == clock.local_date(now).isoformat()


def test_self_inspections_are_narrowed_to_exactly_their_rows(cast, ask):
    city = cast.city
    hotel = make.SelfInspectionFactory(site=city.hotel, due_in=3)
    school = make.SelfInspectionFactory(site=city.school, due_in=30)
    day = clock.local_date(hotel.due_at - dt.timedelta(seconds=1))
    wanted = {
        "q=恒盛": {hotel.pk},
        "state=due": {hotel.pk, school.pk},
        "state=filed": set(),
        "industry=62": {hotel.pk},
        f"enterprise={city.west.pk}": {school.pk},
        f"district={city.chengxi.code}": {school.pk},
        f"due_to={day}": {hotel.pk},
        f"due_from={day}&due_to={day}": {hotel.pk},
        f"due_from={day + dt.timedelta(days=1)}": {school.pk},
    }
    for query, expected in wanted.items():
        assert {row["id"] for row in ask("self-inspections", query)} == expected, query
