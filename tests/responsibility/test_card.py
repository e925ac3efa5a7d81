"""The card of a site says who answers on each of the four lines, and plainly where nobody does."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from responsibility.assignments.card import card
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import CoveragePolicy
from safegrid.accounts.models import Holding, User
from safegrid.grid.models import Enterprise
from tests.responsibility.test_resolution import assign

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def lines(cast, policies):
    """The four lines of the hotel, by line."""

    def read():
        return {line.line: line for line in card(cast.city.hotel, on=TODAY)}

    return read


def test_every_line_stands_there_with_its_gaps(cast, lines):
    found = lines()
    assert list(found) == list(Line)
    both = [cast.city.general, cast.city.crowded]
    for line in (Line.TERRITORIAL, Line.INDUSTRY, Line.COMPREHENSIVE):
        assert found[line].entries == []
        assert [(gap.tier, gap.matter) for gap in found[line].gaps] == [(Tier.LEAD, m) for m in both]
    assert found[Line.ENTERPRISE].gaps == []


def test_one_who_answers_for_several_matters_stands_there_once(cast, lines):
    city = cast.city
    assign(cast.posts["chengdong"], district=city.chengdong, matter=city.general)
    assign(cast.posts["chengdong"], district=city.chengdong, matter=city.fire)
    line = lines()[Line.TERRITORIAL]
    assert [(e.answer.holder, e.matters, e.covers_all) for e in line.entries] == [
        (cast.chengdong, [city.general, city.crowded], True)
    ]
    assert line.gaps == []


def test_what_one_matter_lacks_is_a_gap_of_that_matter(cast, lines):
    assign(cast.posts["fire"], line=Line.INDUSTRY, district=cast.city.city, matter=cast.city.fire)
    line = lines()[Line.INDUSTRY]
    assert [(e.answer.holder, e.covers_all) for e in line.entries] == [(cast.fire, False)]
    assert [gap.matter for gap in line.gaps] == [cast.city.general]


def test_an_enterprise_without_a_principal_is_a_gap(cast, lines):
    Enterprise.objects.filter(pk=cast.city.enterprise.pk).update(principal="")
    cast.city.hotel.enterprise.refresh_from_db()
    Holding.objects.filter(post=cast.posts["principal"]).delete()
    cast.posts["principal"].scopes.all().delete()
    cast.posts["principal"].delete()
    line = lines()[Line.ENTERPRISE]
    assert [(gap.tier, gap.matter) for gap in line.gaps] == [(Tier.LEAD, None)]


def test_a_registered_principal_without_an_account_is_none(cast, lines):
    line = card(cast.city.shop, on=TODAY)[-1]
    firm = cast.city.other
    assert (line.line, line.gaps) == (Line.ENTERPRISE, [])
    assert [[each.registered for each in entry.answer.answering] for entry in line.entries] == [
        [firm],
        [None],
    ]


def test_two_who_answer_with_equal_right_stand_there_together(cast, lines):
    city, posts = cast.city, [cast.posts[name] for name in ("inspector", "inspector2", "gridofficer")]
    for post in posts:
        for matter in (city.general, city.fire):
            assign(post, tier=Tier.DIRECT, district=city.cell, matter=matter)
    [entry] = lines()[Line.TERRITORIAL].entries
    assert ([each.post for each in entry.answer.answering], entry.covers_all) == (posts, True)


def test_the_page_of_a_site_shows_the_card(cast, policies, client, now):
    city = cast.city
    User.objects.filter(username="chengdong").update(phone="09718005555")
    assign(cast.posts["chengdong"], district=city.chengdong, matter=city.general)
    assign(cast.posts["gridofficer"], tier=Tier.DIRECT, district=city.cell, matter=city.general)
    Holding.objects.filter(post=cast.posts["gridofficer"]).delete()
    client.force_login(cast.enterprise)
    page = client.get(reverse("grid:enterprise", args=[city.enterprise.pk]), {"site": city.hotel.pk}).text
    assert 'href="tel:09718005555"' in page
    assert "Gap: the post is vacant" in page
    assert page.count("Gap: nobody is assigned") == 5  # territorial 1, industry and comprehensive 2 each


POLICY = "/admin/responsibility/coveragepolicy/add/"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"tier": "direct"}, "tier"),
        ({"tier": "supervisor"}, "tier"),
        ({"tier": "lead", "matter": "fire"}, "matter"),
    ],
)
def test_nothing_is_required_of_enterprises_that_the_audit_does_not_look_for(
    cast, client, policies, over, field
):
    matter = cast.city.fire if over.get("matter") else None
    client.force_login(cast.admin)
    typed = {"line": "enterprise", "source": "县级规定"} | over | {"matter": matter.pk if matter else ""}
    before = CoveragePolicy.objects.count()
    sent = client.post(POLICY, typed)
    assert set(sent.context["adminform"].form.errors) == {field}
    assert "县级规定" in sent.text
    assert CoveragePolicy.objects.count() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        CoveragePolicy.objects.create(line=Line.ENTERPRISE, tier=over["tier"], matter=matter, source="x")


def test_of_the_other_lines_any_tier_and_matter_may_be_required(cast, client, policies):
    client.force_login(cast.admin)
    typed = {"line": "territorial", "tier": "direct", "matter": cast.city.fire.pk, "source": "县级规定"}
    assert client.post(POLICY, typed).status_code == 302
    [gap] = [gap for line in card(cast.city.hotel, on=TODAY) for gap in line.gaps if gap.tier == Tier.DIRECT]
    assert gap.matter == cast.city.crowded
