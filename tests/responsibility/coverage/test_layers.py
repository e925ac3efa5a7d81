"""The map's layers of coverage count what their lists show, for each reader."""

import pytest
from django.test import Client

from responsibility.coverage.choices import FindingState, Kind
from safegrid.grid.models import District
from safegrid.grid.sockets import map_layers
from tests import factories as make


@pytest.mark.parametrize("code", ["gaps", "overlaps"])
@pytest.mark.parametrize(
    ("who", "total"), [("bureau", 3), ("chengdong", 2), ("chengxi", 1), ("gridofficer", 2)]
)
def test_every_number_on_the_map_is_that_of_the_list_it_opens(cast, now, who, total, code):
    city = cast.city
    for site in (city.hotel, city.shop, city.school):
        for kind in Kind:
            make.FindingFactory(kind=kind, **site.place_ids)
    make.FindingFactory(state=FindingState.MENDED, mended_at=now, **city.hotel.place_ids)
    layer, user = map_layers[code], getattr(cast, who)
    client = Client()
    client.force_login(user)
    counts = dict(layer.counts(user, "district"))
    assert sum(counts.values()) == total
    for place, number in counts.items():
        address = layer.url("district", District.objects.get(pk=place).code)
        rows = client.get(f"{address}&format=csv").getvalue().decode("utf-8-sig")
        assert len(rows.strip().splitlines()) - 1 == number


def test_one_over_several_places_counts_in_each(cast, now):
    wide = make.FindingFactory()
    for site in (cast.city.hotel, cast.city.shop, cast.city.school):
        wide.touched.create(found_at=now, site=site)
    counts = map_layers["gaps"].counts(cast.bureau, "district")
    assert counts == {None: 1, cast.city.chengdong.pk: 1, cast.city.chengxi.pk: 1}


def test_what_stands_in_no_township_is_counted_apart(cast):
    make.FindingFactory(district=cast.city.chengdong)
    assert map_layers["gaps"].counts(cast.bureau, "township") == {None: 1}
