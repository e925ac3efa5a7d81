"""A member unit: what it governs, its people, what they answer for and owe."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.units.queries import members
from tests import factories as make


@pytest.fixture
def busy(cast, policies, now):
    """The emergency bureau: one inspector owes two things, one of them late; a post is vacant."""
    c, post = cast.city, cast.posts["inspector"]
    for due_in in (-2, 5):
        hazard = make.HazardFactory(site=c.hotel)
        make.ObligationFactory(site=c.hotel, subject=hazard, debtor_post=post, due_in=due_in)
    Assignment.objects.create(
        post=post,
        line=Line.COMPREHENSIVE,
        tier=Tier.LEAD,
        matter=c.fire,
        district=c.chengdong,
        span=(dt.date(2020, 1, 1), None),
    )
    make.PostFactory(unit=c.emergency, title_en="Empty chair")
    return cast


def test_each_post_stands_with_its_holder_and_its_work(busy, now):
    found = {
        m.post.title_en: (m.holder, m.assigned, m.open, m.overdue)
        for m in members(busy.city.emergency, busy.bureau, now=now)
    }
    assert found == {
        "Inspector's post": (busy.inspector, 1, 2, 1),
        "Inspector2's post": (busy.inspector2, 0, 0, 0),
        "Gas's post": (busy.gas, 0, 0, 0),
        "Empty chair": (None, 0, 0, 0),
    }


def test_the_list_of_units_leads_to_the_page(busy, client):
    client.force_login(busy.bureau)
    url = reverse("responsibility:unit", args=[busy.city.emergency.pk])
    assert f'href="{url}"' in client.get(f"/grid/units/?place={busy.city.chengdong.code}").text
    page = client.get(url).text
    assert escape("Inspector's post") in page
    assert "1 overdue" in page
    assert "vacant" in page


def test_every_number_of_work_opens_the_list_that_it_counts_for_whoever_looks(busy, client):
    c = busy.city
    hazard = make.HazardFactory(site=c.hotel)
    make.ObligationFactory(site=c.hotel, subject=hazard, debtor_post=busy.posts["gas"], due_in=-1)
    make.ObligationFactory(
        site=c.hotel, subject=make.HazardFactory(site=c.hotel), due_in=-1
    )  # the enterprise
    url = reverse("responsibility:unit", args=[c.emergency.pk])
    for who, numbers in (("bureau", [3, 2, 2, 1, 1, 1]), ("chengdong", [3, 2, 2, 1, 1, 1]), ("chengxi", [0])):
        client.force_login(getattr(busy, who))
        page = client.get(url).text
        found = re.findall(r'href="(/responsibility/obligations/[^"]+)">(\d+)', page)
        assert [int(n) for _url, n in found] == numbers, who
        for address, n in found:
            rows = client.get(f"{address.replace('&amp;', '&')}&format=csv").getvalue().decode()
            assert len(rows.splitlines()) - 1 == int(n), (who, address)


def test_what_a_post_owes_stands_in_the_list_with_its_day_and_its_page(busy, client):
    client.force_login(busy.bureau)
    url = reverse("responsibility:obligations")
    rows = client.get(f"/api/v1/obligations/?tab=overdue&unit={busy.city.emergency.pk}").json()["results"]
    assert [(row["what"], row["debtor_en"], row["unit_en"], row["days_over"]) for row in rows] == [
        ("hazard_rectify", "Inspector's post", "Chengdong Emergency Bureau", 2)
    ]
    page = client.get(f"{url}?tab=overdue&unit={busy.city.emergency.pk}").text
    assert "2 days over" in page
    assert client.get(f"{url}?unit=x").status_code == 200
    client.force_login(busy.enterprise)
    assert client.get(f"/api/v1/obligations/?unit={busy.city.emergency.pk}").status_code == 400


def test_a_unit_is_no_enterprises_business(busy, client):
    client.force_login(busy.enterprise)
    url = reverse("responsibility:unit", args=[busy.city.emergency.pk])
    assert client.get(url).status_code == 403
    assert url not in client.get(f"/grid/units/?place={busy.city.chengdong.code}").text


def test_the_page_costs_the_same_for_many_posts(busy, now):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            members(busy.city.emergency, busy.bureau, now=now)
        return len(queries)

    cost()  # what somebody reaches is asked once
    few = cost()
    for _ in range(10):
        make.PostFactory(unit=busy.city.emergency, holder=make.UserFactory())
    assert cost() == few
