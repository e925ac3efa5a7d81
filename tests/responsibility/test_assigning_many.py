"""One duty over many places at once: shown first, with what collides or lies outside; then done once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.many import Duty, assign_many, own_posts, weigh
from responsibility.assignments.models import Assignment
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests import factories as make

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 23)


def duty(cast, *posts, tier=Tier.LEAD, **over):
    given = {"since": TODAY, "until": None, "basis": "安全生产法第九条"}
    return Duty(
        posts=tuple(cast.posts[each] for each in posts or ("inspector",)),
        line=Line.TERRITORIAL,
        tier=tier,
        matter=cast.city.fire,
        **(given | over),
    )


def give(cast, places, wanted, who="chengdong"):
    """The rows that are new or lengthened."""
    done = assign_many(
        places=places, duty=wanted, actor=getattr(cast, who), acting_post=cast.posts[who], now=NOW
    )
    return [each.row for each in done]


@pytest.fixture
def places(cast, policies, now):
    """Two cells, one in which somebody leads, and one of another district."""
    c = cast.city
    Assignment.objects.create(
        post=cast.posts["gridofficer"],
        line=Line.TERRITORIAL,
        tier=Tier.LEAD,
        matter=c.fire,
        district=c.next_cell,
        span=(dt.date(2020, 1, 1), None),
    )
    return [c.cell, c.next_cell, c.west_township]


def test_what_is_new_what_collides_and_what_lies_outside_is_shown_before(cast, places):
    found = weigh(places, duty(cast), acting_post=cast.posts["chengdong"], today=TODAY)
    assert [(each.place, each.outcome, each.rival) for each in found] == [
        (cast.city.cell, "new", None),
        (cast.city.next_cell, "collides", cast.posts["gridofficer"]),
        (cast.city.west_township, "outside", None),
    ]
    assert Assignment.objects.count() == 1


def test_what_is_new_is_given_and_sent_twice_nothing_more(cast, places):
    [made] = give(cast, places, duty(cast))
    assert (made.district, made.post, made.assigned_by) == (
        cast.city.cell,
        cast.posts["inspector"],
        cast.posts["chengdong"],
    )
    assert give(cast, places, duty(cast)) == []
    assert Assignment.objects.count() == 2


def test_what_lacks_some_days_is_shown_as_lengthened_and_is(client, cast, places):
    c, tomorrow = cast.city, TODAY + dt.timedelta(days=1)
    for place, span in ((c.cell, (TODAY, tomorrow)), (c.community, (TODAY, None))):
        Assignment.objects.create(
            post=cast.posts["inspector"],
            line=Line.TERRITORIAL,
            tier=Tier.LEAD,
            matter=c.fire,
            district=place,
            span=span,
        )
    client.force_login(cast.chengdong)
    codes = ",".join(each.code for each in (c.cell, c.next_cell, c.community, c.township))
    address = f"{reverse('responsibility:assign_many')}?places={codes}"
    given = {"line": "territorial", "tier": "lead", "matter": "fire", "posts": [cast.posts["inspector"].pk]}
    given |= {"since": TODAY.isoformat(), "basis": "安全生产法第九条"}
    shown = client.post(address, given)
    assert {each.place: each.outcome for each in shown.context["weighed"]} == {
        c.cell: "lengthened",
        c.next_cell: "collides",
        c.community: "there",
        c.township: "new",
    }
    assert "2 duties are new or lengthened" in shown.text
    before = client.post(address, given | {"since": "2026-11-22", "basis": "县里的规定"})
    assert (before.status_code, set(before.context["form"].errors)) == (422, {"since"})
    assert 'value="县里的规定"' in before.text
    for says in ("2 duties given or lengthened", "0 duties given or lengthened"):
        sent = client.post(address, given | {"sure": "1"}, follow=True)
        assert [str(each).startswith(says) for each in sent.context["messages"]] == [True]
    spans = Assignment.objects.filter(post=cast.posts["inspector"]).values_list("district", "span")
    assert {place: (span.lower, span.upper) for place, span in spans} == dict.fromkeys(
        (c.cell.pk, c.community.pk, c.township.pk), (TODAY, None)
    )


def test_below_the_lead_several_posts_share_each_place(cast, places):
    made = give(cast, places[:2], duty(cast, "inspector", "inspector2", tier=Tier.DIRECT))
    assert len(made) == 4
    with pytest.raises(Invalid):
        weigh(places, duty(cast, "inspector", "inspector2"), acting_post=cast.posts["chengdong"], today=TODAY)


@pytest.fixture
def officers(cast, places):
    """Six cells of a community, and three officers: of the first cell, of the second, and of none."""
    c = cast.city
    cells = [make.DistrictFactory(parent=c.community) for _each in range(6)]
    posts = [make.PostFactory(unit=c.emergency, kind="grid_officer") for _each in range(3)]
    for post, cell in zip(posts, cells, strict=False):
        if post is not posts[2]:
            make.PostScopeFactory(post=post, district=cell, acting=True)
    return cells, posts


def test_each_cell_goes_to_its_own_officer_the_others_in_turn(cast, officers):
    cells, posts = officers
    given = own_posts(cells, posts)
    assert [posts.index(given[cell.pk]) for cell in cells] == [0, 1, 2, 0, 1, 2]
    assert own_posts(cells, posts[:1]) == dict.fromkeys([cell.pk for cell in cells], posts[0])


def test_many_cells_are_given_to_many_officers_one_each_even_to_lead(cast, officers):
    cells, posts = officers
    wanted = Duty(
        posts=tuple(posts),
        line=Line.TERRITORIAL,
        tier=Tier.LEAD,
        matter=cast.city.fire,
        since=TODAY,
        until=None,
        basis="安全生产法第九条",
        one_each=True,
        chosen={cells[5].pk: posts[0]},
    )
    made = give(cast, cells, wanted)
    assert [(row.district, posts.index(row.post)) for row in made] == list(
        zip(cells, [0, 1, 2, 0, 1, 0], strict=True)
    )
    assert give(cast, cells, wanted) == []


def test_the_page_shows_which_officer_and_lets_another_be_chosen(client, cast, officers):
    cells, posts = officers
    client.force_login(cast.chengdong)
    codes = [cell.code for cell in cells[:3]]
    address = f"{reverse('responsibility:assign_many')}?places={','.join(codes)}"
    given = {
        "line": "territorial",
        "tier": "direct",
        "matter": "fire",
        "posts": [post.pk for post in posts],
        "one_each": "on",
        "since": TODAY.isoformat(),
        "basis": "安全生产法第九条",
    }
    shown = client.post(address, given)
    assert [(each.place.code, each.post) for each in shown.context["weighed"]] == list(
        zip(codes, posts, strict=True)
    )
    assert f'name="post-{codes[0]}"' in shown.text
    client.post(address, given | {f"post-{codes[0]}": posts[2].pk, f"post-{codes[1]}": "x", "sure": "1"})
    made = dict(Assignment.objects.filter(district__in=cells).values_list("district__code", "post"))
    assert made == dict(zip(codes, [posts[2].pk, posts[1].pk, posts[2].pk], strict=True))


@pytest.mark.parametrize("who", ["chengxi", "auditor", "gas", "enterprise"])
def test_nobody_assigns_where_no_place_is_theirs(cast, places, who):
    with pytest.raises(NotAllowed):
        give(cast, places[:2], duty(cast), who)


def test_the_list_of_a_place_leads_there_and_the_page_shows_and_does(client, cast, places):
    client.force_login(cast.chengdong)
    page = client.get(reverse("grid:district", args=[cast.city.community.code])).content.decode()
    url = reverse("responsibility:assign_many")
    assert url in page
    assert f'value="{cast.city.cell.code}"' in page
    address = f"{url}?places={cast.city.cell.code}&places={cast.city.next_cell.code}"
    given = {
        "line": "territorial",
        "tier": "lead",
        "matter": "fire",
        "posts": [cast.posts["inspector"].pk],
        "since": TODAY.isoformat(),
        "basis": "安全生产法第九条",
    }
    shown = client.post(address, given)
    assert (shown.status_code, shown.context["new"], Assignment.objects.count()) == (200, 1, 1)
    assert client.post(address, given | {"sure": "1"}).status_code == 302
    assert client.post(address, given | {"basis": ""}).status_code == 422
    assert Assignment.objects.count() == 2
    client.force_login(cast.auditor)
    assert client.get(address).status_code == 403
    assert url not in client.get(reverse("grid:district", args=[cast.city.community.code])).content.decode()


def test_the_preview_costs_the_same_for_many_places(cast, places):
    more = [make.DistrictFactory(parent=cast.city.community) for _each in range(5)]
    with CaptureQueriesContext(connection) as one:
        weigh(places[:1], duty(cast), acting_post=cast.posts["chengdong"], today=TODAY)
    with CaptureQueriesContext(connection) as many:
        weigh(more, duty(cast), acting_post=cast.posts["chengdong"], today=TODAY)
    assert len(many) == len(one)
