"""The dashboard: every number is what its list counts, within what the person sees."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.dashboard import queries
from analysis.dashboard.figures import Figures
from analysis.dashboard.focus import Focus
from hazards.choices import Grade, State
from hazards.models import Hazard
from responsibility.models import Obligation
from safegrid.grid.counts import fold
from safegrid.kernel import clock
from tests.factories import HazardFactory, ObligationFactory

DAY = dt.timedelta(days=1)


def focus(now, **more):
    return Focus(now=now, days=30, **more)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hazards(cast, now):
    """Hazards of every state in both districts, some late, one major."""
    city = cast.city
    for site in (city.hotel, city.shop, city.school):
        HazardFactory(site=site, state=State.RECTIFYING, due_at=now - 3 * DAY, found_at=now - 10 * DAY)
        HazardFactory(site=site, state=State.RECTIFYING, due_at=now + 3 * DAY, found_at=now - 2 * DAY)
        HazardFactory(site=site, state=State.TO_ACCEPT, found_at=now - 40 * DAY)
        HazardFactory(
            site=site, state=State.CLOSED, found_at=now - 50 * DAY, closed_at=now - 5 * DAY, days_late=2
        )
        HazardFactory(site=site, state=State.CANCELLED, found_at=now - 5 * DAY)
    HazardFactory(
        site=city.hotel,
        matter=city.fire,
        state=State.RECTIFYING,
        due_at=now + 9 * DAY,
        grade=Grade.MAJOR,
        major_basis="x",
        found_at=now - DAY,
    )
    return list(Hazard.objects.all())


def counted(client, url):
    """Return how many rows the list at `url` has, told by its own export."""
    parts = urlsplit(url)
    response = client.get(f"{parts.path}?{parts.query}&format=csv")
    assert response.status_code == 200, url
    return len(b"".join(response.streaming_content).decode("utf-8-sig").strip().splitlines()) - 1


@pytest.mark.parametrize("who", ["bureau", "chengdong", "chengxi", "fire", "auditor", "gridofficer"])
def test_every_tile_and_every_place_opens_the_list_it_counts(cast, hazards, now, who):
    user = getattr(cast, who)
    client, look = browser(user), focus(now)
    figures = Figures(user, look)
    tiles = queries.tiles(figures)
    assert {t.key: (t.value, counted(client, t.url)) for t in tiles} == {
        t.key: (t.value, t.value) for t in tiles
    }
    assert sum(t.value for t in tiles) > 0
    for row in queries.ranking(figures):
        shown = {"open": row.open, "overdue": row.overdue, "found": row.found, "closed": row.closed}
        assert {key: counted(client, row.urls[key]) for key in shown} == shown
    for _words, number, url in queries.ageing(figures):
        assert counted(client, url) == number


def test_a_head_of_a_district_counts_that_district_only(cast, hazards, now):
    tiles = {t.key: t.value for t in queries.tiles(Figures(cast.chengxi, focus(now)))}
    assert tiles == {"open": 3, "overdue": 1, "accept": 1, "major": 0, "found": 3, "closed": 1}


def test_the_last_point_of_each_curve_is_the_number_of_today(cast, hazards, now):
    figures = Figures(cast.bureau, focus(now))
    series, tiles = figures.curves, {t.key: t.value for t in queries.tiles(figures)}
    assert series["open"][-1] == tiles["open"]
    assert series["major"][-1] == tiles["major"]
    assert series["overdue"][-1] == tiles["overdue"]


@pytest.mark.parametrize("who", ["bureau", "chengdong", "fire", "gridofficer"])
def test_past_points_are_what_the_rows_say(cast, hazards, now, who):
    user = getattr(cast, who)
    for row in hazards:
        owed = ObligationFactory(subject=row, site=row.site, kind="hazard_rectify", due_at=row.due_at or now)
        if row.state != State.RECTIFYING:
            done = row.closed_at or now - 20 * DAY
            over = (clock.local_date(done) - owed.due_on).days
            Obligation.objects.filter(pk=owed.pk).update(
                closed_at=done, days_late=over, outcome="met", next_look_at=None
            )
    figures = Figures(user, focus(now))
    rows = [r for r in Hazard.objects.visible_to(user) if r.state != State.CANCELLED]
    owed = Obligation.objects.visible_to(user).filter(kind="hazard_rectify")
    for day, shown_open, shown_late in zip(
        figures.days[:-1], figures.curves["open"], figures.curves["overdue"], strict=False
    ):
        at = clock.day_start(day)
        assert shown_open == sum(r.found_at < at and not (r.closed_at and r.closed_at < at) for r in rows)
        assert shown_late == sum(o.due_at <= at and not (o.closed_at and o.closed_at < at) for o in owed), day


def test_the_dashboard_costs_the_same_queries_for_few_and_for_many(cast, hazards, now):
    client = browser(cast.bureau)
    client.get("/?tab=dashboard")

    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/?tab=dashboard")
        return len(queries)

    few = cost()
    for _ in range(30):
        HazardFactory(site=cast.city.hotel, state=State.RECTIFYING, due_at=now - DAY, found_at=now - 4 * DAY)
    assert cost() == few


def test_what_nothing_has_changed_is_not_worked_out_again(cast, hazards, django_assert_num_queries):
    client = browser(cast.bureau)
    first = client.get("/?tab=dashboard")
    with django_assert_num_queries(2):  # who with what they reach and the bell, the edition of the counts
        again = client.get("/?tab=dashboard")
    assert bare(again) == bare(first)


def bare(response):
    """A page without the marks against forgery, which are new each time."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"', "", response.text)


def number(client, key, url="/?tab=dashboard"):
    return int(re.search(rf'data-tile="{key}".*?data-value="(\d+)"', client.get(url).text, re.DOTALL)[1])


@pytest.mark.parametrize("folded", [False, True])
def test_a_change_is_shown_at_once(cast, hazards, now, folded):
    client = browser(cast.bureau)
    before = number(client, "open"), number(client, "accept")
    row = next(row for row in hazards if row.state == State.RECTIFYING)
    Hazard.objects.filter(pk=row.pk).update(state=State.TO_ACCEPT)
    if folded:
        fold()
    assert (number(client, "open"), number(client, "accept")) == (before[0], before[1] + 1)
    if folded:
        Hazard.objects.filter(pk=row.pk).update(state=State.RECTIFYING)
        fold()
        assert (number(client, "open"), number(client, "accept")) == before


def test_what_is_kept_for_one_is_not_shown_to_another(cast, hazards, settings):
    numbers = {name: number(browser(getattr(cast, name)), "open") for name in ("bureau", "chengdong", "fire")}
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    fresh = {name: number(browser(getattr(cast, name)), "open") for name in numbers}
    assert numbers == fresh
    assert len(set(numbers.values())) == len(numbers)


@pytest.mark.parametrize(("who", "may"), [("chengdong", True), ("bureau", True), ("auditor", False)])
def test_a_leader_s_note_is_written_from_the_row_that_it_is_about(cast, hazards, who, may):
    client = browser(getattr(cast, who))
    page = client.get("/?tab=dashboard").text
    links = re.findall(r'href="(/responsibility/instructions/new/\?about=hazard:\d+)"', page)
    assert bool(links) is may
    for link in links:
        assert "XN-2026-" in client.get(link).text


def test_what_is_kept_is_kept_in_one_language_and_for_one_question(cast, hazards):
    client = browser(cast.bureau)
    chinese = {"Accept-Language": "zh-CN"}
    assert "Open hazards" in client.get("/?tab=dashboard").text
    assert "Open hazards" not in client.get("/?tab=dashboard", headers=chinese).text
    assert number(client, "found") != number(client, "found", "/?tab=dashboard&days=7")


def test_what_falls_due_in_the_course_of_a_day_is_shown_a_minute_later(cast, now):
    HazardFactory(site=cast.city.hotel, state=State.RECTIFYING, due_at=now + dt.timedelta(seconds=50))
    client = browser(cast.bureau)
    assert number(client, "overdue") == 0
    with time_machine.travel(now + dt.timedelta(seconds=60), tick=False):
        assert number(client, "overdue") == 1


@pytest.mark.parametrize(
    ("who", "first"),
    [("bureau", "dashboard"), ("chengdong", "dashboard"), ("inspector", "work"), ("enterprise", "work")],
)
def test_the_first_page_answers_the_first_question_of_the_post(cast, hazards, now, who, first):
    page = browser(getattr(cast, who)).get("/").content.decode()
    assert ('data-tile="open"' in page) is (first == "dashboard")


@pytest.mark.parametrize("who", ["enterprise", "rival", "nobody"])
def test_who_heads_nothing_has_no_dashboard(cast, hazards, now, who):
    page = browser(getattr(cast, who)).get("/?tab=dashboard")
    assert page.status_code == 200
    assert not re.search("data-tile", page.content.decode())
    assert browser(getattr(cast, who)).get(reverse("dashboard")).status_code == 403


def test_a_standing_beat_is_said_on_the_dashboard(cast, hazards, now):
    from responsibility.alerts.sweep import tick

    client = browser(cast.bureau)
    assert "background work is not running" in client.get("/").content.decode()
    tick("sweep", now=now)
    assert "background work is not running" not in client.get("/").content.decode()


def test_a_filter_that_cannot_be_read_shows_the_whole_scope(cast, hazards, now):
    page = browser(cast.bureau).get("/?tab=dashboard&district=abc&days=-1&matter=999999")
    assert page.status_code == 200
    assert 'data-tile="open"' in page.content.decode()
