"""The list of enterprises, one row a site, and the pages of the grid."""

import re

import pytest

from safegrid.grid.choices import NoUscc, RiskGrade, SuccessionKind
from safegrid.grid.models import District, Succession
from safegrid.grid.sockets import site_panels
from tests import factories as make


@pytest.fixture
def sites(client, cast):
    """Ask the API as `bureau` and return the names of the sites."""
    client.force_login(cast.bureau)

    def ask(query=""):
        answer = client.get(f"/api/v1/sites/?{query}")
        assert answer.status_code == 200, answer.json()
        return [row["site"] for row in answer.json()["results"]]

    return ask


def test_each_view_holds_what_it_says(cast, sites):
    make.SiteFactory(name="nowhere")
    make.SiteFactory(name="red", at=cast.city.cell, risk=RiskGrade.RED)
    make.SiteFactory(name="orange", at=cast.city.cell, risk=RiskGrade.ORANGE)
    make.SiteFactory(name="yellow", at=cast.city.cell, risk=RiskGrade.YELLOW)
    make.SiteFactory(name="unlicensed", at=cast.city.cell, enterprise__uscc=None)
    assert sites("tab=unplaced") == ["nowhere"]
    assert set(sites("tab=high")) == {"red", "orange"}
    assert sites("tab=no_uscc") == ["unlicensed"]
    assert len(sites("tab=all")) == 4 + 5


def test_every_filter_narrows_to_exactly_its_rows(cast, sites):
    city = cast.city
    wanted = {
        "q=恒盛": {"恒盛宾馆", "恒盛仓库"},
        "q=Hengsheng": {"恒盛宾馆", "恒盛仓库"},
        f"q={city.west.uscc}": {city.school.name},
        f"district={city.chengxi.code}": {city.school.name},
        f"cell={city.cell.code}": {"恒盛宾馆", city.shop.name},
        "matter=fire": {"恒盛宾馆", city.school.name},
        "matter=fire-crowded": {"恒盛宾馆"},
        "matter=gas": {city.shop.name},
        "industry=62": {"恒盛宾馆"},
        "risk=red": set(),
        "status=operating": {"恒盛宾馆", "恒盛仓库", city.shop.name, city.school.name},
    }
    for query, expected in wanted.items():
        assert set(sites(query)) == expected, query


def test_one_character_asks_for_another(cast, client):
    client.force_login(cast.bureau)
    assert client.get("/api/v1/sites/?q=恒").json() == {"q": "Type two characters or more."}
    page = client.get("/grid/enterprises/?tab=all&q=恒").text
    assert "Type two characters or more." in page
    assert 'value="恒"' in page


def test_a_missing_code_is_said_with_its_reason(cast, client):
    make.SiteFactory(
        name="stall",
        at=cast.city.cell,
        enterprise__uscc=None,
        enterprise__no_uscc_reason=NoUscc.EXEMPT,
    )
    client.force_login(cast.bureau)
    assert "Needs none (temporary stall, household)" in client.get("/grid/enterprises/?tab=no_uscc").text
    [row] = client.get("/api/v1/sites/?tab=no_uscc").json()["results"]
    assert (row["uscc"], row["no_uscc_reason"]) == (None, "exempt")


def test_what_is_not_placed_is_visible_as_such(cast, client):
    make.SiteFactory(name="nowhere")
    client.force_login(cast.bureau)
    page = client.get("/grid/enterprises/?tab=unplaced").text
    assert '<span class="state state-warn">to be placed</span>' in page


def test_the_page_of_an_enterprise_shows_who_it_is(cast, client):
    city = cast.city
    client.force_login(cast.bureau)
    page = client.get(f"/grid/enterprises/{city.enterprise.pk}/?site={city.hotel.pk}").text
    for wanted in (
        "Qinghai Hengsheng Trading",
        city.enterprise.uscc,
        "恒盛宾馆",
        "恒盛仓库",
        "Dongguan Subdistrict",
        "Ciyou Cell 001",
        "Fire safety of crowded places",
        "General safety",
        "Catering",
        "马明",
        city.hotel.address,
    ):
        assert wanted in page, wanted
    assert (
        "Fire safety of crowded places"
        not in client.get(f"/grid/enterprises/{city.enterprise.pk}/?site={city.warehouse.pk}").text
    )


def test_a_neighbour_is_named_only_to_whom_reaches_it(cast, client):
    city = cast.city
    city.shop.landlord = city.hotel
    city.shop.save()
    client.force_login(cast.bureau)
    url = f"/grid/enterprises/{city.enterprise.pk}/?site={city.hotel.pk}"
    assert city.other.name_en in client.get(url).text
    client.force_login(cast.enterprise)
    assert city.other.name_en not in client.get(url).text
    client.force_login(cast.rival)
    page = client.get(f"/grid/enterprises/{city.other.pk}/").text
    assert city.enterprise.name_en not in page


def test_upper_floors_show_what_they_know_of_a_site(cast, client, monkeypatch, settings):
    asked = []

    def panel(request, site):
        asked.append((request.user, site))
        return "components/empty.html", {"title": f"panel of {site.name}"}

    monkeypatch.setattr(site_panels, "_plugs", {"one": (1, panel), "none": (2, lambda request, site: None)})
    client.force_login(cast.bureau)
    page = client.get(f"/grid/enterprises/{cast.city.enterprise.pk}/?site={cast.city.hotel.pk}").text
    assert "panel of 恒盛宾馆" in page
    assert asked == [(cast.bureau, cast.city.hotel)]


def test_an_enterprise_costs_the_same_with_many_sites(cast, client, django_assert_num_queries, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    monkeypatch.setattr(site_panels, "_plugs", {})
    client.force_login(cast.bureau)
    url = f"/grid/enterprises/{cast.city.west.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(20):
        make.SiteFactory(enterprise=cast.city.west, name=f"site {n}", at=cast.city.cell)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_the_tree_goes_a_level_at_a_time_and_counts_what_it_links_to(cast, client, sites):
    city = cast.city
    make.SiteFactory(name="nowhere")
    page = client.get("/grid/districts/").text
    assert '<a href="/grid/districts/630102000000/">Chengdong District</a>' in page
    assert "Dongguan" not in page
    assert '<a href="/grid/enterprises/?tab=unplaced">To be placed</a>' in page
    for code, level, below in [
        ("630100000000", "district", {city.chengdong.code: 3, city.chengxi.code: 1}),
        (city.chengdong.code, "township", {city.township.code: 3}),
        (city.township.code, "community", {city.community.code: 3}),
        (city.community.code, "cell", {city.cell.code: 2, city.next_cell.code: 1}),
    ]:
        page = client.get(f"/grid/districts/{code}/").text
        for child, count in below.items():
            assert f'<a href="/grid/enterprises/?{level}={child}">{count}</a>' in page
            assert len(sites(f"{level}={child}")) == count
    crumbs = client.get(f"/grid/districts/{city.community.code}/").text
    for above in (city.city, city.chengdong, city.township):
        assert f'<a href="/grid/districts/{above.code}/">{above.name_en}</a>' in crumbs
    assert "Nothing lies below this place." in client.get(f"/grid/districts/{city.cell.code}/").text
    assert client.get("/grid/districts/000000000000/").status_code == 404


def test_a_place_shows_its_old_names_and_codes(cast, client):
    city = cast.city
    older = make.DistrictFactory(
        parent=city.city, name="旧县", name_en="Old County", code="632124000000", closed_on="2000-01-01"
    )
    old = make.DistrictFactory(
        parent=city.city,
        name="湟中县",
        name_en="Huangzhong County",
        code="630122000000",
        closed_on="2020-01-01",
    )
    Succession.objects.create(
        predecessor=old, successor=city.chengxi, on="2020-01-01", kind=SuccessionKind.RECODED
    )
    Succession.objects.create(predecessor=older, successor=old, on="2000-01-01", kind=SuccessionKind.RECODED)
    client.force_login(cast.bureau)
    page = client.get(f"/grid/districts/{city.chengxi.code}/").text
    assert "Huangzhong County 630122000000" in page
    assert "until 2020-01-01" in page
    assert "Old County 632124000000" in page
    closed = client.get("/grid/districts/630122000000/").text
    assert "has not existed since 2020-01-01" in closed
    assert f'href="/grid/districts/{city.chengxi.code}/">Chengxi District' in closed
    assert "Old County" not in client.get("/grid/districts/").text


def test_a_code_that_lives_again_opens_the_living_place(cast, client):
    District.objects.filter(pk=cast.city.chengxi.pk).update(closed_on="2020-01-01")
    make.DistrictFactory(parent=cast.city.city, name_en="New West", code="630104000000")
    client.force_login(cast.bureau)
    page = client.get("/grid/districts/630104000000/").text
    assert "New West" in page
    assert "has not existed" not in page


def test_matters_name_what_brings_them_and_who_governs_them(cast, client):
    make.FeatureFactory(matter=cast.city.gas, name_en="Uses gas")
    client.force_login(cast.bureau)
    page = client.get("/grid/matters/").text
    row = page[page.index(">Fire safety<") :].partition("</tr>")[0]
    assert "62 Catering" in row
    assert "Xining Fire and Rescue" in row
    gas = page[page.index(">Gas safety<") :].partition("</tr>")[0]
    assert "Uses gas" in gas
    assert '<td class="cell-main indented">' in page


def test_a_matter_out_of_reach_is_named_and_leads_nowhere(cast, client):
    client.force_login(cast.fire)
    page = client.get("/grid/matters/").text
    assert "Gas safety" in page
    links = re.findall(r"/grid/enterprises/\?matter=([\w-]+)", page)
    assert set(links) == {"fire", "fire-crowded"}
    for code in links:
        assert client.get(f"/grid/enterprises/?matter={code}&format=csv").status_code == 200


def test_units_are_shown_place_by_place(cast, client):
    client.force_login(cast.bureau)
    page = client.get("/grid/units/").text
    assert "Xining Fire and Rescue" in page
    assert "Fire safety" in page
    assert "Chengdong Government" not in page
    assert "Chengdong Government" in client.get("/grid/units/?place=630102000000").text
    assert client.get("/grid/units/?place=1").status_code == 404


@pytest.mark.parametrize("address", ["/grid/matters/", "/grid/units/", "/grid/districts/"])
def test_the_trees_cost_the_same_however_large(cast, client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.bureau)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _ in range(5):
        matter = make.MatterFactory()
        make.IndustryFactory(matters=[matter])
        make.UnitFactory(district=cast.city.city, governs=[matter])
        make.DistrictFactory(parent=cast.city.city)
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).status_code == 200
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "address", ["/grid/matters/", "/grid/units/", "/grid/districts/", "/grid/enterprises/1/"]
)
def test_whoever_is_not_signed_in_is_asked_to(db, client, address):
    assert client.get(address).url.startswith("/accounts/login/")
