"""Counts are exact up to a cap, and cost one query for all views together."""

from django.utils import translation

from hazards.models import Hazard
from safegrid.kernel.listing.counting import CAP, capped_counts, in_words
from tests import factories as make


def bulk(city, number):
    Hazard.objects.bulk_create(
        Hazard(
            number=f"N{n}",
            site=city.hotel,
            enterprise=city.enterprise,
            matter=city.general,
            road="ordered",
            is_shared=True,
            source="inspection",
            title="x",
            category_id="fire",
            state="graded",
            found_at="2026-01-01T00:00:00Z",
        )
        for n in range(number)
    )


def test_a_row_that_two_branches_reach_counts_once(city, django_assert_num_queries):
    make.HazardFactory.create_batch(3, site=city.hotel, matter=city.general)
    make.HazardFactory.create_batch(2, site=city.school, matter=city.general)
    hotel = Hazard.objects.filter(site=city.hotel)
    every = Hazard.objects.all()
    with django_assert_num_queries(1):
        assert capped_counts([[hotel], [hotel, every], [Hazard.objects.none()], [hotel, hotel.none()]]) == [
            3,
            5,
            0,
            3,
        ]


def test_nothing_to_count_asks_nothing(city, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert capped_counts([[Hazard.objects.none()], []]) == [0, 0]


def test_a_predicate_that_can_match_nothing_counts_zero(city):
    make.HazardFactory(site=city.hotel, matter=city.general)
    impossible = Hazard.objects.filter(pk__in=[])
    assert capped_counts([[impossible], [impossible, Hazard.objects.all()]]) == [0, 1]


def test_a_count_stops_at_the_cap(city):
    bulk(city, CAP)
    assert capped_counts([[Hazard.objects.all()]]) == [CAP]
    make.HazardFactory.create_batch(5, site=city.hotel, matter=city.general)
    assert capped_counts([[Hazard.objects.all()]]) == [CAP + 1]


def test_a_count_is_said_in_words():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert in_words(0) == "0"
            assert in_words(731) == "731"
            assert in_words(CAP) == "1,000"
            assert in_words(CAP + 1) == "1,000+"
