"""Who answers for a site, why and on which day; and the notice that hangs at its gate."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from hazards.reports.choices import CodeKind
from hazards.reports.models import GateCode
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.qr import qr_code
from safegrid.accounts.models import User
from tests import factories as make

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def given(cast, policies):
    """The district leads on fire until today; from today on the township does."""
    c, posts = cast.city, cast.posts

    def assign(post, district, since, until, line=Line.TERRITORIAL):
        return Assignment.objects.create(
            post=posts[post],
            line=line,
            tier=Tier.LEAD,
            matter=c.fire,
            district=district,
            span=(since, until),
            basis=f"依据{post}",
        )

    assign("chengdong", c.chengdong, dt.date(2020, 1, 1), None)
    assign("inspector", c.township, TODAY, None)
    assign("fire", c.city, dt.date(2020, 1, 1), None, Line.INDUSTRY)
    return cast


def page(client, site, query=""):
    return client.get(reverse("responsibility:site", args=[site.pk]) + query)


def test_the_page_says_who_why_and_what_is_outranked(given, client, now):
    client.force_login(given.bureau)
    text = page(client, given.city.hotel).text
    answer = text[text.index("依据inspector") - 1500 : text.index("依据inspector") + 1500]
    assert escape(given.posts["inspector"].label) in answer
    assert given.city.township.label in answer
    assert "依据chengdong" in answer  # outranked by the nearer place
    assert "Gap: nobody is assigned" in text  # general safety has nobody


def test_another_day_has_another_answer(given, client, now):
    client.force_login(given.bureau)
    then = page(client, given.city.hotel, "?on=2026-11-22").text
    assert "依据chengdong" in then
    assert "依据inspector" not in then
    wrong = page(client, given.city.hotel, "?on=2026-13-45")
    assert wrong.status_code == 200
    assert "This is no day" in wrong.text


@pytest.mark.parametrize("view", ["site", "notice"])
def test_only_whoever_reaches_a_site_sees_who_answers_for_it(given, client, now, view):
    url = reverse(f"responsibility:{view}", args=[given.city.hotel.pk])
    for name in ("bureau", "chengdong", "gridofficer", "enterprise", "fire"):
        client.force_login(getattr(given, name))
        assert client.get(url).status_code == 200, name
    for name in ("rival", "chengxi", "gas", "nobody"):
        client.force_login(getattr(given, name))
        assert client.get(url).status_code == 404, name


def test_the_notice_names_all_four_lines_and_carries_its_own_code(given, client, now):
    given.inspector.phone = "0971-5551234"
    given.inspector.save()
    client.force_login(given.enterprise)
    text = client.get(reverse("responsibility:notice", args=[given.city.hotel.pk])).text
    for line in Line:
        assert str(line.label) in text
    assert "0971-5551234" in text
    assert given.principal.label in text
    assert "2026-11-23" in text


def test_the_notice_carries_a_code_to_report_by_and_one_to_the_sites_page(given, client, now, settings):
    """Two pictures and no more: each is compared with that of the address it must lead to."""
    settings.SITE_URL = "https://grid.example.org"
    hotel = given.city.hotel
    client.force_login(given.enterprise)
    text = client.get(reverse("responsibility:notice", args=[hotel.pk])).text
    code = GateCode.objects.get(site=hotel, kind=CodeKind.GATE).code
    report = reverse("report:gate", args=[code])
    site = f"{reverse('grid:enterprise', args=[hotel.enterprise_id])}?site={hotel.pk}"
    drawn = re.findall(r'<div class="gate-qr">(.*?)</div>', text, re.DOTALL)
    assert drawn == [qr_code(f"https://grid.example.org{path}") for path in (report, site)]
    assert drawn[0] != drawn[1]
    assert client.get(site).status_code == 200
    client.logout()
    form = client.get(report)
    assert (form.status_code, form.context["site"]) == (200, hotel)  # nobody has to sign in
    assert client.get(site).status_code == 302


def test_the_notice_printed_again_carries_the_same_code(given, client, now):
    client.force_login(given.bureau)
    url = reverse("responsibility:notice", args=[given.city.hotel.pk])
    first, second = (
        re.findall(r'<div class="gate-qr">(.*?)</div>', client.get(url).text, re.DOTALL) for _ in "ab"
    )
    assert first == second
    assert GateCode.objects.filter(site=given.city.hotel).count() == 1


@pytest.mark.parametrize("other", ["gridofficer", "inspector2"])  # of another body, of the same
def test_each_of_two_who_answer_with_equal_right_stands_there_to_be_called(given, client, now, other):
    phones = {"inspector": "0971-5551234", other: "0971-5555678"}
    for name, phone in phones.items():
        User.objects.filter(username=name).update(phone=phone)
        Assignment.objects.create(
            post=given.posts[name],
            line=Line.TERRITORIAL,
            tier=Tier.DIRECT,
            matter=given.city.fire,
            district=given.city.cell,
            span=(dt.date(2020, 1, 1), None),
        )
    client.force_login(given.bureau)
    hotel = given.city.hotel
    addresses = (
        reverse("responsibility:site", args=[hotel.pk]),
        reverse("responsibility:notice", args=[hotel.pk]),
        f"{reverse('grid:enterprise', args=[hotel.enterprise_id])}?site={hotel.pk}",
    )
    for address in addresses:
        text = client.get(address).text
        for name, phone in phones.items():
            said = [phone, f"<strong>{getattr(given, name)}</strong>", escape(given.posts[name].label)]
            assert [each for each in [*said, escape(given.posts[name].unit.label)] if each not in text] == []
    assert ("Overlap: more than one answers" in text) == (other == "gridofficer")


def test_where_nobody_has_an_account_the_registered_principal_stands_on_the_notice(given, client, now):
    client.force_login(given.bureau)
    text = client.get(reverse("responsibility:notice", args=[given.city.shop.pk])).text
    assert given.city.other.principal in text
    assert "Principal as registered" in text
    shown = page(client, given.city.shop)
    assert given.city.other.principal in shown.text
    assert [gap.tier for line, gap in shown.context["gaps"] if line.line == Line.ENTERPRISE] == []


def test_the_pages_cost_the_same_with_many_assignments(given, client, now):
    client.force_login(given.bureau)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, given.city.hotel).status_code == 200
            notice = reverse("responsibility:notice", args=[given.city.hotel.pk])
            assert client.get(notice).status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _ in range(20):
        Assignment.objects.create(
            post=make.PostFactory(holder=make.UserFactory()),
            line=Line.TERRITORIAL,
            tier=Tier.DIRECT,
            matter=given.city.crowded,
            district=given.city.cell,
            span=(dt.date(2020, 1, 1), None),
        )
    assert cost() == few
