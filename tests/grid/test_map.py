"""The map: areas, figures and points, each within what its reader may see."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safegrid.accounts.models import PostScope
from safegrid.grid.map import layers, queries
from safegrid.grid.models import District, Site
from safegrid.grid.sockets import map_layers
from tests import factories as make

pytestmark = pytest.mark.django_db
MAP = "/grid/map/"
SITES = "/grid/map/sites.json"
SQUARE = {"type": "Polygon", "coordinates": [[[101, 36], [102, 36], [102, 37], [101, 37], [101, 36]]]}
OFFICIALS = ["bureau", "chengdong", "fire", "inspector", "gridofficer", "auditor"]
OTHERS = ["enterprise", "principal", "rival", "nobody", "admin"]


@pytest.fixture
def placed(cast):
    """The cast's city with positions and outlines."""
    city = cast.city
    for n, site in enumerate((city.hotel, city.warehouse, city.shop, city.school)):
        Site.objects.filter(pk=site.pk).update(longitude=101.7 + n / 100, latitude=36.6)
    District.objects.filter(level__in=["district", "township", "cell"]).update(boundary=SQUARE)
    return cast


def names(answer):
    return {feature["properties"]["name"] for feature in answer.json()["features"]}


def shown(answer):
    """The names of the sites that the map was given."""
    ids = answer.json()["sites"]["id"]
    assert len(ids) == len(set(ids))
    return set(Site.objects.filter(pk__in=ids).values_list("name", flat=True))


def as_user(client, cast, who):
    client.force_login(getattr(cast, who))
    return client


# Who sees what


@pytest.mark.parametrize("who", OFFICIALS)
def test_points_are_exactly_the_sites_that_somebody_reaches(client, placed, who):
    user = getattr(placed, who)
    seen = set(Site.objects.visible_to(user).exclude(longitude=None).values_list("name", flat=True))
    assert seen
    assert shown(as_user(client, placed, who).get(SITES)) == seen


@pytest.mark.parametrize("who", OFFICIALS)
@pytest.mark.parametrize("level", ["district", "township", "cell"])
def test_figures_are_those_of_the_list_that_each_opens(client, placed, who, level):
    as_user(client, placed, who)
    found = client.get(f"/grid/map/figures/{level}.json?layer=sites").json()
    user = getattr(placed, who)
    for count, url in found["places"].values():
        listed = client.get(f"{url}&format=csv").getvalue().decode().splitlines()
        assert count == len(listed) - 1
    total = sum(count for count, _url in found["places"].values())
    assert total == Site.objects.visible_to(user).exclude(**{level: None}).count()


@pytest.mark.parametrize("who", OTHERS)
def test_who_reaches_no_place_has_no_map(client, placed, who):
    as_user(client, placed, who)
    for address in (MAP, SITES, "/grid/map/areas/district.json", "/grid/map/figures/district.json"):
        assert client.get(address).status_code == 403


def test_nobody_signed_in_is_sent_to_sign_in(client, placed):
    for address in (MAP, SITES, "/grid/map/areas/district.json", "/grid/map/figures/district.json"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


# The page and the list beside it


def test_the_list_beside_the_map_counts_what_each_number_opens(client, placed):
    as_user(client, placed, "bureau")
    Site.objects.filter(pk=placed.city.school.pk).update(district=None, township=None)
    page = client.get(f"{MAP}?layer=sites")
    rows = {place.name: (count, url) for place, count, url in page.context["rows"]}
    assert rows["城东区"][0] == 3
    assert rows["城东区"][1] == "/grid/enterprises/?district=630102000000"
    assert (page.context["total"], page.context["rest"]) == (4, 1)
    assert page.context["rest_url"] == "/grid/enterprises/?tab=unplaced"
    assert "Schematic borders" in page.content.decode()


def test_each_begins_where_their_posts_reach(client, placed):
    at = {who: as_user(client, placed, who).get(MAP).context["node"].name for who in OFFICIALS}
    assert at["bureau"] == at["auditor"] == "西宁市"
    assert at["chengdong"] == at["inspector"] == "城东区"
    assert at["gridofficer"] == placed.city.cell.name


def test_scopes_in_two_districts_begin_in_the_city(client, placed):
    post = placed.posts["chengdong"]
    PostScope.objects.create(post=post, district=placed.city.chengxi)
    assert as_user(client, placed, "chengdong").get(MAP).context["node"].name == "西宁市"


def test_a_place_named_in_the_address_is_opened_and_an_unknown_one_is_not_found(client, placed):
    as_user(client, placed, "bureau")
    page = client.get(f"{MAP}?in=630102000000")
    assert page.context["node"].name == "城东区"
    assert [place.level for place, _n, _url in page.context["rows"]] == ["township"]
    assert client.get(f"{MAP}?in=999999999999").status_code == 404


def test_a_community_has_no_outline_so_the_map_shows_its_township(client, placed):
    as_user(client, placed, "bureau")
    community = placed.city.community
    page = client.get(f"{MAP}?in={community.code}")
    assert page.context["fit"].pk == placed.city.township.pk
    assert {place.level for place, _n, _url in page.context["rows"]} == {"cell"}


def test_a_fragment_is_the_list_alone(client, placed):
    as_user(client, placed, "bureau")
    text = client.get(f"{MAP}?layer=high_risk", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in text
    assert 'data-layer="high_risk"' in text


def test_an_unknown_figure_falls_back_to_the_first(client, placed):
    as_user(client, placed, "bureau")
    first = next(iter(map_layers))
    assert client.get(f"{MAP}?layer=nonsense").context["layer"] is first


def test_before_any_place_is_loaded_the_page_says_so(client, db):
    unit = make.UnitFactory(district=make.DistrictFactory(closed_on="2026-01-01", level="district"))
    post = make.PostFactory(unit=unit)
    make.PostScopeFactory(post=post, unit=unit)
    user = make.UserFactory()
    make.HoldingFactory(post=post, user=user)
    District.objects.update(level="district")
    client.force_login(user)
    page = client.get(f"{MAP}?layer=sites")
    assert page.status_code == 200


# The data


def test_areas_are_named_in_the_readers_language(client, placed):
    as_user(client, placed, "bureau")
    address = "/grid/map/areas/district.json"
    english = names(client.get(address, headers={"Accept-Language": "en"}))
    chinese = names(client.get(address, headers={"Accept-Language": "zh-hans"}))
    assert "Chengdong District" in english
    assert "城东区" in chinese
    assert client.get("/grid/map/areas/city.json").status_code == 404
    assert client.get("/grid/map/areas/nonsense.json").status_code == 404
    assert client.get("/grid/map/figures/community.json").status_code == 404


def test_closed_places_are_not_drawn(client, placed):
    as_user(client, placed, "bureau")
    District.objects.filter(name="城西区").update(closed_on="2026-01-01")
    assert "Chengxi District" not in names(client.get("/grid/map/areas/district.json"))


def test_only_what_is_in_view_is_sent_and_filters_of_the_list_hold(client, placed):
    as_user(client, placed, "bureau")
    city = placed.city
    assert shown(client.get(f"{SITES}?box=101.695,36.5,101.705,36.7")) == {city.hotel.name}
    Site.objects.filter(pk=city.shop.pk).update(risk="red")
    assert shown(client.get(f"{SITES}?risk=red")) == {city.shop.name}
    for box in ("1,2,3", "a,b,c,d", "102,36,101,37", "101,36,102,99"):
        assert client.get(f"{SITES}?box={box}").status_code == 400


def test_a_point_says_where_it_stands_and_its_popup_what_it_is(client, placed):
    as_user(client, placed, "bureau")
    city = placed.city
    columns = client.get(SITES).json()["sites"]
    found = dict(zip(columns["id"], zip(*list(columns.values())[1:], strict=True), strict=True))
    longitude, latitude, risk = found[city.warehouse.pk]
    assert (longitude, latitude) == pytest.approx((101.71, 36.6))
    assert risk == city.warehouse.risk
    assert client.get(SITES).json()["risks"]["red"] == "Red: major risk"
    told = client.get(f"/grid/map/sites/{city.warehouse.pk}.json").json()
    assert (told["name"], told["enterprise"]) == (city.warehouse.name, city.enterprise.name)
    assert client.get(told["url"]).status_code == 200


@pytest.mark.parametrize("who", OFFICIALS)
def test_a_popup_tells_nothing_of_what_is_out_of_reach(client, placed, who):
    as_user(client, placed, who)
    told = {
        site.pk
        for site in Site.objects.all()
        if client.get(f"/grid/map/sites/{site.pk}.json").status_code == 200
    }
    assert told == set(Site.objects.visible_to(getattr(placed, who)).values_list("pk", flat=True))


def test_too_many_points_become_counts_by_place(client, placed, monkeypatch):
    monkeypatch.setattr(queries, "MAX_POINTS", 3)
    as_user(client, placed, "bureau")
    city = placed.city
    counts = {place: count for place, _x, _y, count, _name in client.get(SITES).json()["counts"]}
    assert counts == {city.township.pk: 3, city.west_township.pk: 1}
    make.SiteFactory(at=city.cell, longitude=101.5, latitude=36.6)
    counts = {place: count for place, _x, _y, count, _name in client.get(SITES).json()["counts"]}
    assert counts == {city.township.pk: 4, city.west_township.pk: 1}


def test_the_map_costs_the_same_with_few_sites_and_with_many(client, placed):
    as_user(client, placed, "bureau")
    addresses = (MAP, SITES, "/grid/map/figures/cell.json", "/grid/map/areas/cell.json")

    def cost(address):
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    before = [cost(address) for address in addresses]
    for n in range(30):
        make.SiteFactory(at=placed.city.cell, longitude=101.5, latitude=36.6 + n / 1000)
    for n in range(20):
        make.DistrictFactory(parent=placed.city.community, boundary=SQUARE, level="cell", name=f"网格{n}")
    assert [cost(address) for address in addresses] == before


def test_every_layer_counts_and_links_within_reach(placed):
    for layer in map_layers:
        for level in queries.DRAWN:
            counts = layer.counts(placed.gridofficer, level)
            assert all(n >= 0 for n in counts.values())
            assert json.dumps(layer.url(level, "630102000000")).startswith('"/')
    assert layers.list_of_sites("", "") == "/grid/enterprises/"


def test_a_view_without_a_site_is_empty_and_not_an_error(client, placed):
    as_user(client, placed, "bureau")
    nothing = {"id": [], "longitude": [], "latitude": [], "risk": []}
    assert client.get(f"{SITES}?box=100,30,100.1,30.1").json()["sites"] == nothing
