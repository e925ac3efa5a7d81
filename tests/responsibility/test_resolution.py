"""Who answers for a site: the rule by example, and against a slow twin that is obviously right."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.resolution import who_answers
from safegrid.accounts.models import Holding, Post
from safegrid.grid.models import Site
from tests import factories as make

TODAY = dt.date(2026, 11, 23)
ALWAYS = (dt.date(2020, 1, 1), None)


def assign(post, *, line=Line.TERRITORIAL, tier=Tier.LEAD, span=ALWAYS, **over) -> Assignment:
    return Assignment.objects.create(post=post, line=line, tier=tier, span=span, **over)


def answer(site, *, line=Line.TERRITORIAL, tier=Tier.LEAD, matter=None, on=TODAY):
    """The one answer on a line and tier, for a matter."""
    found = [
        a
        for a in who_answers(site, on=on)
        if (a.line, a.tier) == (line, tier) and (matter is None or a.matter == matter)
    ]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.fixture
def wide(cast):
    """A post that answers for the district, and one for the cell."""
    return make.PostFactory(holder=cast.chengdong), make.PostFactory(holder=cast.gridofficer)


def test_on_the_territorial_line_the_nearer_place_goes_before_the_narrower_matter(cast, wide):
    city, (far, near) = cast.city, wide
    assign(far, district=city.chengdong, matter=city.crowded)
    assign(near, district=city.cell, matter=city.fire)
    found = answer(city.hotel, matter=city.crowded)
    assert found.post == near
    assert [a.post for a in found.outranked] == [far]


@pytest.mark.parametrize("line", [Line.INDUSTRY, Line.COMPREHENSIVE])
def test_on_the_other_lines_the_narrower_matter_goes_before_the_nearer_place(cast, wide, line):
    city, (far, near) = cast.city, wide
    assign(far, line=line, district=city.chengdong, matter=city.crowded)
    assign(near, line=line, district=city.cell, matter=city.fire)
    assert answer(city.hotel, line=line, matter=city.crowded).post == far


@pytest.mark.parametrize("line", [Line.TERRITORIAL, Line.INDUSTRY])
def test_an_assignment_over_the_site_itself_goes_first(cast, wide, line):
    city, (far, near) = cast.city, wide
    assign(far, line=line, site=city.hotel, matter=city.general)
    assign(near, line=line, district=city.cell, matter=city.general)
    assert answer(city.hotel, line=line, matter=city.general).post == far


def test_a_matter_that_the_site_has_not_is_nobodys_here(cast, wide):
    assign(wide[0], district=cast.city.city, matter=cast.city.gas)
    assert answer(cast.city.hotel) is None
    assert answer(cast.city.shop, matter=cast.city.gas).post == wide[0]


def test_another_district_answers_for_nothing_here(cast, wide):
    assign(wide[0], district=cast.city.chengxi, matter=cast.city.general)
    assert answer(cast.city.hotel) is None


def test_a_vacant_post_is_a_gap_and_a_substitute_closes_it(cast, wide):
    city, (far, near) = cast.city, wide
    assign(far, district=city.chengdong, matter=city.general)
    assign(near, district=city.cell, matter=city.general)
    Holding.objects.filter(post=near).delete()
    found = answer(city.hotel, matter=city.general)
    assert (found.post, found.is_gap) == (near, True)  # the wider one does not hide the gap
    make.SubstitutionFactory(post=near, user=cast.inspector, span=(TODAY, None))
    assert answer(city.hotel, matter=city.general).holder == cast.inspector


def test_two_with_equal_right_are_an_overlap_and_who_is_there_answers(cast, wide):
    city, (one, two) = cast.city, wide
    assign(one, tier=Tier.DIRECT, district=city.cell, matter=city.general)
    assign(two, tier=Tier.DIRECT, district=city.cell, matter=city.general)
    found = answer(city.hotel, tier=Tier.DIRECT, matter=city.general)
    assert (found.is_overlap, found.post) == (True, one)
    Holding.objects.filter(post=one).delete()
    assert answer(city.hotel, tier=Tier.DIRECT, matter=city.general).holder == cast.gridofficer


def test_the_database_refuses_two_leads_at_once(cast, wide):
    city = cast.city
    assign(wide[0], district=city.cell, matter=city.general, span=(TODAY, None))
    with pytest.raises(IntegrityError), transaction.atomic():
        assign(wide[1], district=city.cell, matter=city.general)
    assign(wide[1], district=city.cell, matter=city.general, span=(dt.date(2020, 1, 1), TODAY))


def test_the_past_is_answered_as_it_was(cast, wide):
    city, (before, after) = cast.city, wide
    assign(before, district=city.cell, matter=city.general, span=(dt.date(2020, 1, 1), TODAY))
    assign(after, district=city.cell, matter=city.general, span=(TODAY, None))
    yesterday = TODAY - dt.timedelta(days=1)
    assert answer(city.hotel, matter=city.general, on=yesterday).post == before
    assert answer(city.hotel, matter=city.general, on=TODAY).post == after


def test_the_enterprise_answers_for_itself(cast):
    found = [a for a in who_answers(cast.city.hotel, on=TODAY) if a.line == Line.ENTERPRISE]
    assert [(a.tier, a.holder) for a in found] == [
        (Tier.DIRECT, cast.enterprise),
        (Tier.LEAD, cast.principal),
    ]


def test_asking_costs_the_same_for_one_assignment_and_for_many(cast, wide, django_assert_num_queries):
    city = cast.city
    site = Site.objects.get(pk=city.hotel.pk)
    assign(wide[0], district=city.chengdong, matter=city.general)
    with django_assert_num_queries(9):
        who_answers(site, on=TODAY)
    for matter in (city.general, city.fire, city.crowded):
        for line in (Line.TERRITORIAL, Line.INDUSTRY):
            assign(wide[1], line=line, tier=Tier.DIRECT, district=city.cell, matter=matter)
    with django_assert_num_queries(9):
        who_answers(site, on=TODAY)


# -- the twin ---------------------------------------------------------------------------------------


def above(node):
    """The node and everything above it."""
    while node is not None:
        yield node
        node = type(node).objects.get_parent(node)


def covers(assignment, site, matter, on) -> bool:
    start, end = assignment.span.lower, assignment.span.upper
    if not (start <= on and (end is None or on < end)):
        return False
    if assignment.matter not in above(matter):
        return False
    if assignment.site_id is not None:
        return assignment.site_id == site.pk
    places = (site.cell, site.community, site.township, site.district)
    place = next((p for p in places if p is not None), None)
    return assignment.district in above(place) if place else assignment.district.level == "city"


def outranks(one, two) -> bool:
    """Whether `one` is more specific than `two`, both covering the same site and matter."""
    if (one.site_id is None) != (two.site_id is None):
        return one.site_id is not None
    matter = len(list(above(one.matter))) - len(list(above(two.matter)))
    place = 0 if one.site_id is not None else len(list(above(one.district))) - len(list(above(two.district)))
    first, second = (place, matter) if one.line == Line.TERRITORIAL else (matter, place)
    return first > 0 or (first == 0 and second > 0)


def slowly(site, on):
    """(line, tier, matter) → the posts that answer with equal right."""
    found = {}
    for matter in [row.matter for row in site.matters.all()]:
        covering = [a for a in Assignment.objects.all() if covers(a, site, matter, on)]
        for one in covering:
            rivals = [a for a in covering if (a.line, a.tier) == (one.line, one.tier)]
            if not any(outranks(other, one) for other in rivals):
                found.setdefault((one.line, one.tier, matter), set()).add(one.post_id)
    return found


SPANS = [
    ALWAYS,
    (dt.date(2020, 1, 1), TODAY),
    (TODAY, None),
    (TODAY, TODAY + dt.timedelta(days=1)),
    (TODAY + dt.timedelta(days=1), None),
]
ASSIGNMENTS = st.lists(
    st.tuples(
        st.sampled_from([Line.TERRITORIAL, Line.INDUSTRY, Line.COMPREHENSIVE]),
        st.sampled_from([Tier.SUPERVISOR, Tier.DIRECT]),
        st.integers(0, 3),  # matter
        st.integers(0, 9),  # place or site
        st.integers(0, len(SPANS) - 1),
        st.integers(0, 4),  # post
    ),
    max_size=12,
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=ASSIGNMENTS, at=st.integers(0, 3))
def test_the_rule_agrees_with_its_slow_twin(city, rows, at):
    c = city
    matters = [c.general, c.fire, c.crowded, c.gas]
    over = [c.city, c.chengdong, c.chengxi, c.township, c.community, c.cell, c.next_cell]
    over += [c.hotel, c.warehouse, c.school]
    site = Site.objects.get(pk=[c.hotel, c.warehouse, c.shop, c.school][at].pk)
    with transaction.atomic():
        posts = Post.objects.bulk_create(
            Post(title=str(n), kind="officer", unit=c.emergency, created_at=dt.datetime.now(dt.UTC))
            for n in range(5)
        )
        Assignment.objects.bulk_create(
            Assignment(
                post=posts[post],
                line=line,
                tier=tier,
                matter=matters[matter],
                span=SPANS[span],
                **({"site": over[place]} if isinstance(over[place], Site) else {"district": over[place]}),
            )
            for line, tier, matter, place, span, post in rows
        )
        quick = {
            (a.line, a.tier, a.matter): {each.post_id for each in a.assignments}
            for a in who_answers(site, on=TODAY)
            if a.line != Line.ENTERPRISE
        }
        assert quick == slowly(site, TODAY)
        transaction.set_rollback(True)
