"""Search finds what a person may see, by two characters, and nothing else."""

import pytest
from django.test import Client

from tests.factories import HazardFactory


def found(user, text: str) -> str:
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(user)
    page = client.get("/search/", {"q": text})
    assert page.status_code == 200
    return page.content.decode()


def test_an_enterprise_is_found_by_two_characters_of_its_name_and_by_its_code(cast):
    hotel = cast.city.enterprise
    for text in (hotel.name[:2], hotel.name[-2:], hotel.uscc, hotel.uscc[4:10].lower()):
        assert hotel.name in found(cast.bureau, text)


def test_a_hazard_is_found_by_its_number_and_its_words(cast, now):
    hazard = HazardFactory(site=cast.city.hotel, title="二层安全出口被堵塞")
    for text in (hazard.number, hazard.number[-6:], "出口被堵"):
        assert hazard.number in found(cast.inspector, text)


@pytest.mark.parametrize("who", ["rival", "chengxi", "nobody"])
def test_who_may_not_see_it_does_not_find_it(cast, now, who):
    hazard = HazardFactory(site=cast.city.hotel, title="二层安全出口被堵塞")
    assert hazard.number in found(cast.enterprise, "出口被堵")  # there is something to leak
    page = found(getattr(cast, who), "出口被堵")
    assert hazard.number not in page
    assert cast.city.enterprise.name not in found(getattr(cast, who), cast.city.enterprise.name).replace(
        f"“{cast.city.enterprise.name}”", ""
    ).replace(f'value="{cast.city.enterprise.name}"', "")


def test_one_character_asks_for_another(cast):
    client = Client()
    client.force_login(cast.bureau)
    assert "Type two characters or more." in client.get("/search/", {"q": "二"}).content.decode()


def test_results_as_one_types_are_a_fragment(cast):
    client = Client(headers={"HX-Request": "true", "Accept-Language": "zh-hans"})
    client.force_login(cast.bureau)
    page = client.get("/search/", {"q": cast.city.enterprise.name}).content.decode()
    assert cast.city.enterprise.name in page
    assert "<html" not in page
