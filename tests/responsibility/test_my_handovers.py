"""Both sides of a handover find its sheet in their work: planned, and for sixty days after."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.posts.calling_off import call_off
from responsibility.posts.queries import mine
from responsibility.posts.services import hand_over
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)


@pytest.fixture
def give(cast, policies, now):
    def give(to, *, on=TODAY, post="inspector", note=""):
        by = {"actor": cast.chengdong, "acting_post": cast.posts["chengdong"], "now": now}
        return hand_over(post=cast.posts[post], to=to, on=on, note=note, **by)

    return give


def work(client, user):
    client.force_login(type(user).objects.get(pk=user.pk))
    return client.get("/my-work/").text


@pytest.mark.parametrize("on", [TODAY, TODAY + 9 * DAY])
def test_giver_and_receiver_are_led_to_the_sheet_and_nobody_else_is(cast, give, client, on):
    sheet = give(cast.nobody, on=on)
    url = reverse("responsibility:handover_sheet", args=[sheet.pk])
    for user, words in (
        (cast.inspector, "from you to Nobody, on"),
        (cast.nobody, "to you from Inspector, on"),
    ):
        text = work(client, user)
        assert text.count(f'href="{url}"') == 1
        assert words in text
        assert ("to come" in text) is (on > TODAY)
        assert client.get(url).status_code == 200
    for user in (cast.chengdong, cast.inspector2, cast.bureau, cast.enterprise):
        text = work(client, user)
        assert "My handovers" not in text
        assert url not in text


def test_a_vacant_post_is_named_on_the_one_side_there_is(cast, give, client):
    give(None)
    assert "from you to nobody, on" in work(client, cast.inspector)
    give(cast.nobody, on=TODAY + DAY)
    assert "to you, on" in work(client, cast.nobody)


def test_it_stays_for_sixty_days_after_its_day(cast, give):
    sheet = give(cast.nobody, on=TODAY + 9 * DAY)
    for user in (cast.nobody, cast.inspector):
        assert mine(user, today=TODAY + 69 * DAY) == [sheet]
        assert mine(user, today=TODAY + 70 * DAY) == []


def test_called_off_it_says_so_and_shows_nothing_of_what_did_not_go(cast, give, client, now):
    c, post = cast.city, cast.posts["inspector"]
    hazard = make.HazardFactory(site=c.hotel, title="SECRET隐患")
    make.ObligationFactory(site=c.hotel, subject=hazard, debtor_post=post, debtor_enterprise=None)
    sheet = give(cast.nobody, on=TODAY + DAY, note="SECRET钥匙")
    url = reverse("responsibility:handover_sheet", args=[sheet.pk])
    client.force_login(cast.nobody)
    assert client.get(url).text.count("SECRET") == 2
    by = {"actor": cast.chengdong, "acting_post": cast.posts["chengdong"], "now": now}
    call_off(handover=sheet, **by)
    assert "SECRET" not in client.get(url).text
    assert "Called off" in work(client, cast.nobody)


def test_my_work_costs_the_same_for_one_handover_and_for_many(cast, give, client):
    give(cast.nobody)
    work(client, cast.nobody)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            work(client, cast.nobody)
        return len(queries)

    few = cost()
    for post in make.PostFactory.create_batch(8, unit=cast.city.emergency):
        cast.posts[post.title] = post
        give(cast.nobody, post=post.title)
    assert len(mine(cast.nobody, today=TODAY)) == 9
    assert cost() == few
