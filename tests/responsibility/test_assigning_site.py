"""A duty over one site is given from the site's page, listed there, and ended there."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import assign, call_off, end
from safegrid.audit.services import verify
from safegrid.kernel.refusals import NotAllowed
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)
URL = "/responsibility/assign/"


@pytest.fixture
def form(cast, policies, now):
    """What is typed to let the inspector lead on the hotel's fire safety."""
    return {
        "line": Line.TERRITORIAL.value,
        "tier": Tier.LEAD.value,
        "matter": "fire",
        "post": cast.posts["inspector"].pk,
        "since": "2026-11-23",
        "basis": "安全生产法第九条",
    }


def given_over(cast, site="hotel", matter="fire", **more):
    plain = {
        "post": cast.posts["inspector"],
        "line": Line.TERRITORIAL,
        "tier": Tier.LEAD,
        "span": (dt.date(2020, 1, 1), None),
        "basis": "依据一",
    }
    return Assignment.objects.create(
        matter=getattr(cast.city, matter), site=getattr(cast.city, site), **(plain | more)
    )


def page(site):
    return reverse("responsibility:site", args=[site.pk])


@pytest.mark.parametrize("name", ["inspector", "gridofficer"])
def test_officers_act_in_a_place_and_decide_nothing_of_who_answers(cast, form, client, name):
    c, posts = cast.city, cast.posts
    over = {"line": "industry", "tier": "supervisor", "matter": c.fire, "district": c.cell}
    row = Assignment.objects.create(post=posts["chengdong"], span=(TODAY, None), basis="原有分工", **over)
    client.force_login(getattr(cast, name))
    assert "/responsibility/assign/" not in client.get(page(c.hotel)).text
    assert client.post(f"{URL}?site={c.hotel.pk}", form).status_code == 403
    assert client.post(f"{URL}?place={c.cell.code}", form).status_code == 403
    for verb, given in (("end", {"on": "2026-12-01"}), ("call_off", {})):
        assert client.post(reverse(f"responsibility:{verb}", args=[row.pk]), given).status_code == 403
    who = {"actor": getattr(cast, name), "acting_post": posts[name], "now": NOW}
    with pytest.raises(NotAllowed):
        assign(post=posts[name], since=TODAY, basis="自封", **over, **who)
    with pytest.raises(NotAllowed):
        call_off(assignment=row, **who)
    with pytest.raises(NotAllowed):
        end(assignment=row, on=TODAY + dt.timedelta(days=1), **who)
    assert list(Assignment.objects.all()) == [row]


def test_of_a_plan_that_was_lengthened_the_plan_comes_back_when_that_is_called_off(cast, policies, now):
    c, day = cast.city, dt.timedelta(days=1)
    over = {"line": "industry", "tier": "supervisor", "matter": c.fire, "district": c.cell}
    who = {"actor": cast.chengdong, "acting_post": cast.posts["chengdong"], "now": NOW}
    given = {"post": cast.posts["inspector"], "basis": "分工", **over, **who}
    row = assign(since=TODAY + 30 * day, **given).row
    assert assign(since=TODAY, **given).row == row
    call_off(assignment=row, **who)
    row.refresh_from_db()
    assert (row.span.lower, row.span.upper) == (TODAY + 30 * day, None)
    call_off(assignment=row, **who)
    assert not Assignment.objects.exists()
    assert verify() == []


@pytest.mark.parametrize("name", ["bureau", "chengdong", "fire"])
def test_whoever_decides_where_it_stands_gives_a_duty_over_it_alone(cast, form, client, name):
    hotel = cast.city.hotel
    client.force_login(getattr(cast, name))
    url = f"{URL}?site={hotel.pk}"
    card = client.get(f"{reverse('grid:enterprise', args=[hotel.enterprise_id])}?site={hotel.pk}").text
    for text in (card, client.get(page(hotel)).text):
        assert f'href="{url}"' in text
    for _twice in range(2):
        assert client.post(url, form).url == page(hotel)
    row = Assignment.objects.get()
    assert (row.site, row.district, row.matter, row.post) == (
        hotel,
        None,
        cast.city.fire,
        cast.posts["inspector"],
    )
    shown = client.get(page(hotel)).text
    assert "Given over this site alone" in shown
    assert f'href="{reverse("responsibility:end", args=[row.pk])}"' in shown


def test_only_matters_of_the_site_are_offered(cast, form, client):
    client.force_login(cast.chengdong)
    offered = client.get(f"{URL}?site={cast.city.hotel.pk}&matter=fire").context["form"]
    assert [each.code for each in offered.fields["matter"].queryset] == ["general", "fire", "fire-crowded"]
    refused = client.post(f"{URL}?site={cast.city.hotel.pk}", form | {"matter": "gas", "document": "3号文"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["matter"]
    assert 'value="3号文"' in refused.text
    assert not Assignment.objects.exists()


def test_a_second_lead_is_refused_at_the_post(cast, form, client):
    given_over(cast)
    client.force_login(cast.chengdong)
    sent = client.post(f"{URL}?site={cast.city.hotel.pk}", form | {"post": cast.posts["gridofficer"].pk})
    assert sent.status_code == 422
    assert "leads here already" in sent.text
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("auditor", 403),
        ("enterprise", 403),
        ("principal", 403),
        ("rival", 404),
        ("chengxi", 404),
        ("gas", 404),
        ("nobody", 404),
    ],
)
def test_whoever_may_not_gives_nothing_and_sees_no_way(cast, form, client, name, status):
    hotel = cast.city.hotel
    client.force_login(getattr(cast, name))
    for answer in (client.get(f"{URL}?site={hotel.pk}"), client.post(f"{URL}?site={hotel.pk}", form)):
        assert answer.status_code == status
    assert not Assignment.objects.exists()
    assert URL not in client.get(page(hotel)).text
    assert client.get(f"{URL}?site=x").status_code == 404


def test_outside_of_ones_matters_nothing_is_given_and_nothing_offered_to_be_ended(cast, form, client):
    client.force_login(cast.fire)
    hotel = cast.city.hotel
    assert client.post(f"{URL}?site={hotel.pk}", form | {"matter": "general"}).status_code == 403
    assert not Assignment.objects.exists()
    own, other = given_over(cast), given_over(cast, matter="general")
    text = client.get(page(hotel)).text
    assert reverse("responsibility:end", args=[own.pk]) in text
    assert reverse("responsibility:end", args=[other.pk]) not in text


def test_what_is_given_over_it_ends_there(cast, form, client):
    row = given_over(cast)
    client.force_login(cast.chengdong)
    url = reverse("responsibility:end", args=[row.pk])
    assert f'href="{page(cast.city.hotel)}"' in client.get(url).text
    assert client.post(url, {"on": "2026-11-23"}).url == page(cast.city.hotel)
    row.refresh_from_db()
    assert row.span.upper == TODAY
    assert "Given over this site alone" not in client.get(page(cast.city.hotel)).text


def test_what_is_over_and_what_is_of_others_is_not_listed(cast, form, client):
    given_over(cast, span=(dt.date(2020, 1, 1), TODAY), basis="已过期")
    given_over(cast, "warehouse", matter="general", basis="另一场所")
    later = given_over(cast, span=(dt.date(2027, 1, 1), None), basis="明年起")
    client.force_login(cast.bureau)
    rows = client.get(page(cast.city.hotel)).context["given"]
    assert [each.pk for each, _own in rows] == [later.pk]
    client.force_login(cast.enterprise)
    assert client.get(page(cast.city.hotel)).context["given"] == []


def test_a_site_that_is_placed_nowhere_is_given_by_the_city(cast, form, client):
    lost = make.SiteFactory(at=None, matters=[cast.city.fire])
    client.force_login(cast.bureau)
    assert client.post(f"{URL}?site={lost.pk}", form).url == page(lost)
    assert Assignment.objects.get().site == lost


def test_the_page_costs_the_same_with_much_given_over_the_site(cast, form, client):
    client.force_login(cast.chengdong)
    given_over(cast)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(page(cast.city.hotel))
        assert escape(cast.posts["inspector"].label) in shown.text
        return len(queries)

    cost()
    few = cost()
    for _ in range(20):
        given_over(
            cast,
            tier=Tier.DIRECT,
            post=make.PostFactory(holder=make.UserFactory(), unit=cast.city.emergency),
        )
    assert cost() == few
