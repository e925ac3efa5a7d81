"""Names from memory: what a list names is what the database holds at that moment."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from safegrid.grid import gazetteer
from safegrid.grid.models import District, Industry, Matter, Site
from safegrid.kernel.listing.declaration import listings
from tests import factories as make


def edition():
    with connection.cursor() as cursor:
        cursor.execute("SELECT edition FROM grid_edition")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("model", [District, Matter, Industry])
def test_every_change_of_a_name_is_a_new_edition(city, model):
    before = edition()
    row = model.objects.first()
    model.objects.filter(pk=row.pk).update(name="改名")
    assert edition() > before
    assert gazetteer.gazetteer.tables(edition())[model].column("name")[row.pk] == "改名"


def test_a_change_that_is_undone_leaves_no_name_behind(city):
    def named(pk):
        return gazetteer.gazetteer.tables(edition())[District].column("name")[pk]

    before, name = edition(), city.hotel.district.name
    savepoint = transaction.savepoint()
    District.objects.filter(pk=city.hotel.district_id).update(name="不会有")
    undone = edition()
    assert named(city.hotel.district_id) == "不会有"
    transaction.savepoint_rollback(savepoint)
    assert edition() == before
    District.objects.filter(pk=city.hotel.township_id).update(name="又一个")
    assert edition() not in (before, undone)
    assert (named(city.hotel.district_id), named(city.hotel.township_id)) == (name, "又一个")


def test_a_list_shows_a_new_name_at_once(city, cast, client):
    client.force_login(cast.bureau)
    address = reverse("grid:enterprises")
    assert city.hotel.township.name_en in client.get(address).text
    District.objects.filter(pk=city.hotel.township_id).update(name="新名街道", name_en="New Name Street")
    page = client.get(address).text
    assert "New Name Street" in page
    assert client.get(address, {"township": city.hotel.township.code}).text.count("New Name Street") >= 1


def test_what_is_remembered_is_not_asked_again(city, cast, client):
    client.force_login(cast.bureau)
    address = reverse("grid:enterprises")
    client.get(address)
    with CaptureQueriesContext(connection) as plain:
        client.get(address)
    with CaptureQueriesContext(connection) as narrowed:
        client.get(address, {"matter": city.fire.code, "industry": city.hotel.industry.code})
    assert len(narrowed) == len(plain)


@pytest.mark.parametrize("name", ["sites", "hazards"])
def test_names_from_memory_are_those_that_joins_would_give(city, now, name):
    make.HazardFactory(site=city.hotel, matter=city.general)
    make.SiteFactory(enterprise=city.hotel.enterprise, name="未落格", district=None, township=None, cell=None)
    select = listings[name].selected
    rows = listings[name].model.objects.order_by("pk")
    batch = select.batch(list(select.values(rows)))
    joined = list(zip(*select.joined(rows), strict=True))
    assert [list(batch[field]) for field in select.fields] == [list(column) for column in joined]


def test_a_section_holds_its_divisions_and_a_matter_what_lies_below_it(city):
    now = edition()
    for matter in Matter.objects.all():
        found = gazetteer.matter(matter.code, edition=now)
        below = Matter.objects.filter(path__startswith=matter.path)
        assert (found, set(found.inside)) == (matter, set(below.values_list("pk", flat=True)))
    for industry in Industry.objects.all():
        found = gazetteer.industry(industry.code, edition=now)
        inside = {industry.pk, *industry.divisions.values_list("pk", flat=True)}
        assert (found, set(found.inside)) == (industry, inside)


def test_a_place_that_is_closed_is_not_found_by_its_code(city):
    place = Site.objects.get(pk=city.hotel.pk).township
    assert gazetteer.place(place.code, edition=edition()) == place
    District.objects.filter(pk=place.pk).update(closed_on="2026-01-01")
    assert gazetteer.place(place.code, edition=edition()) is None
    assert gazetteer.place("000000000000", edition=edition()) is None
