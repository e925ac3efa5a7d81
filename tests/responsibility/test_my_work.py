"""What a person owes and waits for: exact rows, exact groups, the same few queries however much it is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.obligations import queries
from responsibility.obligations.choices import Outcome
from responsibility.obligations.queries import PAGE, awaited, my_work
from responsibility.obligations.services import close_obligations
from safegrid.kernel import clock
from tests import factories as make

HOUR = dt.timedelta(hours=1)


def shown(page):
    """Group → the rows' deadlines, in order."""
    return {group.key: [task.over for task in group.tasks] for group in page.groups}


def test_rows_are_grouped_by_how_far_off_they_are(owe, cast, now):
    for days in (30, 6, 7, 1, 0):
        owe(days=days)
    late = owe(days=1)
    type(late).objects.filter(pk=late.pk).update(
        due_at=now - HOUR, due_on=clock.local_date(now), opened_at=now - HOUR
    )
    work = my_work(cast.enterprise, now=now)
    # Monday: Sunday is six days ahead.
    assert shown(work.owed) == {"overdue": [0], "today": [0], "week": [-1, -6], "later": [-7, -30]}
    assert work.counts == {"overdue": 1, "today": 1, "week": 2}
    assert (work.is_empty, work.due_this_week) == (False, 3)


@pytest.mark.parametrize("hours", [0, 24 * 3, 24 * 6, 24 * 7, 24 * 40])
def test_counts_and_rows_agree_whenever_one_looks(owe, cast, now, hours):
    for days in range(0, 20, 3):
        owe(days=days)
    work = my_work(cast.principal, now=now + hours * HOUR)
    rows = shown(work.owed)
    assert {key: len(rows.get(key, [])) for key in queries.COUNTED} == work.counts


def test_who_ordered_it_waits_for_it(owe, cast, now):
    row = owe(days=2)
    waiting = awaited(cast.inspector, now=now)
    assert (my_work(cast.inspector, now=now).is_empty, waiting.count) == (True, 1)
    task = waiting.page.groups[0].tasks[0]
    assert (task.pk, task.where, task.debtor, task.url) == (
        row.pk,
        "Qinghai Hengsheng Trading · 恒盛宾馆",
        "",  # who owes it is named by where it is
        reverse("hazards:detail", args=[row.params["number"]]),
    )


def test_the_button_does_it(owe, cast, now):
    row = owe(days=2)
    task = my_work(cast.enterprise, now=now).owed.groups[0].tasks[0]
    assert (task.title, task.button, task.where, task.url) == (
        "Rectify: 疏散通道被堵塞",
        "Submit rectification",
        "Qinghai Hengsheng Trading · 恒盛宾馆",
        reverse("hazards:act", args=[row.params["number"], "submit"]),
    )


def test_a_place_that_the_title_names_is_not_named_twice(owe, cast, now):
    hotel = cast.city.hotel
    owe(params={"number": "XN-2026-000099", "title": hotel.enterprise.name})
    task = my_work(cast.enterprise, now=now).owed.groups[0].tasks[0]
    assert hotel.enterprise.name in task.title
    assert hotel.enterprise.name not in task.where


@pytest.mark.parametrize("name", ["rival", "chengxi", "gas", "fire", "bureau", "auditor", "admin", "nobody"])
def test_what_others_owe_is_not_mine(owe, cast, now, name):
    owe(days=2)
    work = my_work(getattr(cast, name), now=now)
    waiting = awaited(getattr(cast, name), now=now)
    assert (work.counts, work.owed.groups) == (dict.fromkeys(queries.COUNTED, 0), [])
    assert (waiting.count, waiting.page.groups) == (0, [])


def test_what_only_another_may_do_is_waited_for(owe, cast, now):
    owe(kind="hazard_confirm", creditor_post=None, not_by=cast.enterprise)
    assert awaited(cast.enterprise, now=now).count == 1
    assert my_work(cast.enterprise, now=now).is_empty
    assert my_work(cast.principal, now=now).owed.groups


def test_a_substitute_owes_what_the_post_owes(owe, cast, now):
    owe(debtor_post=cast.posts["inspector"], creditor_post=None)
    assert my_work(cast.fire, now=now).is_empty
    today = clock.local_date(now)
    make.SubstitutionFactory(post=cast.posts["inspector"], user=cast.fire, span=(today, None))
    del cast.fire.standing
    assert my_work(cast.fire, now=now).owed.groups


def test_what_is_done_is_gone(owe, cast, now):
    row = owe()
    close_obligations(subject=row.subject, kinds=[row.kind], outcome=Outcome.MET, now=now)
    assert my_work(cast.enterprise, now=now).is_empty


def test_it_asks_the_same_few_times_for_one_row_and_for_many(owe, cast, now, django_assert_num_queries):
    owe()
    for person in (cast.enterprise, cast.inspector):
        person.reach  # noqa: B018 (read once for each request)
    with django_assert_num_queries(1):
        my_work(cast.enterprise, now=now)
    with django_assert_num_queries(1):
        awaited(cast.inspector, now=now)
    for _ in range(15):
        owe()
    with django_assert_num_queries(1):
        my_work(cast.enterprise, now=now)
    with django_assert_num_queries(1):
        awaited(cast.inspector, now=now)


def test_a_long_list_has_pages_that_together_hold_each_row_once(cast, policies, now, monkeypatch, client):
    monkeypatch.setattr(queries, "PAGE", 3)
    for n in range(8):
        make.ObligationFactory(site=cast.city.hotel, subject__matter=cast.city.general, due_in=n % 3)
    found = []
    number = 1
    while number:
        page = my_work(cast.enterprise, now=now, page=number).owed
        rows = [task.pk for group in page.groups for task in group.tasks]
        assert 1 <= len(rows) <= 3
        found += rows
        number = page.next
    assert len(found) == len(set(found)) == 8
    assert PAGE == 12
    client.force_login(cast.enterprise)
    assert f'href="{reverse("my_work")}?page=2"' in client.get(reverse("my_work")).text


def test_nothing_owed_says_what_comes_next_and_when(cast, policies, now, client):
    make.DutyFactory(site=cast.city.hotel, next_opens_at=clock.day_start(dt.date(2026, 12, 1)))
    client.force_login(cast.enterprise)
    page = client.get(reverse("my_work")).text
    assert "You owe nothing." in page
    assert "Next comes Self-inspection, on 2026-12-01." in page
    client.force_login(cast.rival)
    assert "What comes next appears here by itself." in client.get(reverse("my_work")).text


def test_the_fragment_is_the_page_without_its_shell(owe, cast, client):
    owe()
    client.force_login(cast.enterprise)
    whole = client.get(reverse("my_work")).text
    part = client.get(reverse("my_work"), headers={"HX-Request": "true"}).text
    assert "<html" in whole
    assert part.strip().startswith('<div id="my-work">')
    assert "Submit rectification" in part


def test_what_is_awaited_follows_below_and_has_a_page_of_its_own(owe, cast, client):
    row = owe()
    client.force_login(cast.inspector)
    page = client.get(reverse("my_work")).text
    assert f'hx-get="{reverse("waiting")}"' in page
    assert row.params["title"] not in page
    part = client.get(reverse("waiting"), headers={"HX-Request": "true"}).text
    assert row.params["title"] in part
    assert "<strong>1</strong> waiting for others" in part
    assert "<html" not in part
    whole = client.get(reverse("waiting")).text
    assert row.params["title"] in whole
    assert "<html" in whole


def test_an_hour_is_said_and_so_is_a_day_that_has_passed_it(owe, cast, client, now, monkeypatch):
    owe(due_at=now + 2 * HOUR)
    client.force_login(cast.enterprise)
    assert "until 12:00" in client.get(reverse("my_work")).text
    monkeypatch.setattr(clock, "now", lambda: now + 3 * HOUR)
    assert "overdue since today" in client.get(reverse("my_work")).text


@pytest.mark.parametrize("given", ["0", "-1", "x", "9999999", "１"])
def test_a_page_that_does_not_exist_shows_something_sensible(cast, client, given):
    client.force_login(cast.enterprise)
    assert client.get(reverse("my_work"), {"page": given}).status_code == 200


def test_the_page_asks_the_same_number_of_times_however_long_it_is(owe, cast, client, now):
    client.force_login(cast.enterprise)
    owe()
    client.get(reverse("my_work"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("my_work"))
    for _ in range(10):
        owe()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("my_work"))
    assert len(few) == len(many)
