"""A duty over one site ends when the site moves to where its post does not act; shown before it is done."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from safegrid.audit.models import Entry
from safegrid.grid.models import Site
from safegrid.grid.places.following import followed_by
from safegrid.grid.services import place_site
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
WEST = "城西区西关大街街道1号"


@pytest.fixture
def given(cast, policies, now):
    """Give somebody a duty over the hotel alone, from so many days before or after today on."""

    def give(name, days=-100, matter="fire", tier=Tier.DIRECT, **over):
        return Assignment.objects.create(
            post=over.get("post") or cast.posts[name],
            line=Line.TERRITORIAL,
            tier=tier,
            matter=getattr(cast.city, matter),
            site=cast.city.hotel,
            span=(TODAY + days * DAY, None),
            basis="安全生产法第九条",
        )

    return give


def spans(*rows):
    """What became of these rows: from when to when, as days from today on; None for one that is no more."""
    found = dict(Assignment.objects.values_list("pk", "span"))
    return [
        (span := found.get(row.pk)) and tuple(e and (e - TODAY).days for e in (span.lower, span.upper))
        for row in rows
    ]


def deeds(*rows):
    return [
        [e.action for e in Entry.objects.filter(subject=f"responsibility.assignment:{row.pk}")]
        for row in rows
    ]


def move(cast, to, now):
    who = {"actor": cast.bureau, "acting_post": cast.posts["bureau"], "now": now}
    return place_site(site=cast.city.hotel, node=to, **who)


def test_what_ends_is_shown_before_and_ends_with_the_move_and_who_leads_there_answers(cast, given, client):
    c = cast.city
    there = Assignment.objects.create(
        post=cast.posts["chengxi"],
        line=Line.TERRITORIAL,
        tier=Tier.DIRECT,
        matter=c.general,
        district=c.chengxi,
        span=(TODAY - 100 * DAY, None),
    )
    own = [given("inspector", matter="general"), given("inspector2", days=5), given("gridofficer", days=0)]
    stay = [given("bureau"), given("fire")]
    client.force_login(cast.bureau)
    url = reverse("grid:move", args=[c.enterprise.pk])
    typed = {"about": c.hotel.pk, "address": WEST}
    shown = client.post(url, typed)
    told = [(each.what, each.effect) for each in shown.context["shown"]["consequences"]]
    assert [what.split(" · ")[0] for what, effect in told if " ends" in effect] == [
        row.post.label for row in own
    ]
    assert {what.split(" · ")[0] for what, effect in told if effect.endswith("stays")} == {
        row.post.label for row in stay
    }
    assert escape(own[0].post.label) in shown.text
    assert spans(*own, *stay) == [(-100, None), (5, None), (0, None), (-100, None), (-100, None)]
    for _twice in range(2):
        assert client.post(url, typed | {"sure": "1"}).status_code == 302
        assert spans(*own, *stay) == [(-100, 0), None, None, (-100, None), (-100, None)]
        assert deeds(*own, *stay) == [["assignment.end"], ["assignment.undo"], ["assignment.undo"], [], []]
    hotel = Site.objects.get(pk=c.hotel.pk)
    assert hotel.district == c.chengxi
    found = {a.matter: a.assignments for a in who_answers(hotel, on=TODAY) if a.assignments}
    assert found[c.general] == (there,)
    [before] = [a for a in who_answers(hotel, on=TODAY - DAY) if a.assignments and a.matter == c.general]
    assert before.assignments == (own[0],)


def test_inside_of_the_scope_everything_stays(cast, given, now):
    rows = [given("inspector"), given("chengdong", tier=Tier.LEAD)]
    assert [each.effect for each in followed_by(cast.city.hotel, cast.city.warehouse.place_ids)] == [
        "this duty over the site stays"
    ] * 2
    move(cast, cast.city.next_cell, now)
    assert spans(*rows) == [(-100, None)] * 2


def test_of_a_cell_the_officer_goes_with_the_cell_and_the_district_stays(cast, given, now):
    rows = [given("gridofficer"), given("inspector")]
    move(cast, cast.city.next_cell, now)
    assert spans(*rows) == [(-100, 0), (-100, None)]


def test_the_matter_of_the_scope_counts_too_and_reading_is_not_acting(cast, given, now):
    row = given("", post=make.PostFactory(unit=cast.city.emergency))
    for scope in (
        {"district": cast.city.chengdong, "acting": True},
        {"district": cast.city.city, "matter": cast.city.gas, "acting": True},
        {"district": cast.city.city, "acting": False},
    ):
        make.PostScopeFactory(post=row.post, **scope)
    move(cast, cast.city.west_township, now)
    assert spans(row) == [(-100, 0)]


def test_a_post_that_never_acted_there_keeps_what_it_was_given(cast, given, now):
    row = given("chengxi")
    move(cast, cast.city.next_cell, now)
    assert spans(row) == [(-100, None)]


def test_where_a_place_is_chosen_it_is_shown_too(cast, given, client):
    row = given("gridofficer")
    client.force_login(cast.inspector)
    url = f"{reverse('grid:place', args=[cast.city.enterprise.pk])}?site={cast.city.hotel.pk}"
    typed = {"node": cast.city.next_cell.code}
    shown = client.post(url, typed)
    assert escape(row.post.label) in shown.text
    assert "this duty over the site ends" in shown.text
    assert spans(row) == [(-100, None)]
    client.post(url, typed | {"sure": "1"})
    assert spans(row) == [(-100, 0)]


def test_a_move_that_is_refused_ends_nothing(cast, given, client):
    row = given("inspector")
    client.force_login(cast.inspector)
    url = reverse("grid:move", args=[cast.city.enterprise.pk])
    sent = client.post(url, {"about": cast.city.hotel.pk, "address": WEST, "sure": "1"})
    assert sent.status_code == 403
    assert (spans(row), deeds(row)) == ([(-100, None)], [[]])


def test_what_is_shown_costs_the_same_for_many_duties(cast, given):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert followed_by(Site.objects.get(pk=cast.city.hotel.pk), cast.city.school.place_ids)
        return len(queries)

    given("fire")
    few = cost()
    for _ in range(20):
        post = make.PostFactory(unit=cast.city.emergency)
        make.PostScopeFactory(post=post, district=cast.city.chengdong, matter=cast.city.fire, acting=True)
        given("", post=post)
    assert cost() == few
