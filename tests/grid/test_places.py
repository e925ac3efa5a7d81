"""Where things are: positions, codes, addresses, and all of them together."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safegrid.grid.choices import Datum
from safegrid.grid.models import District
from safegrid.grid.places import positions
from safegrid.grid.places.addresses import Gazetteer, How
from safegrid.grid.places.atlas import Atlas
from safegrid.grid.places.codes import canonical
from safegrid.grid.places.columns import columns
from safegrid.grid.places.locate import Locator
from safegrid.grid.places.placing import Clue, Surveyor

in_china = st.tuples(st.floats(73.5, 134.5), st.floats(18.5, 53.0))
in_xining = st.tuples(st.floats(100.8, 102.0), st.floats(36.2, 37.5))


def metres(one, other):
    """Distance on a sphere, good enough for metres."""
    east = math.radians(one[0] - other[0]) * math.cos(math.radians(one[1]))
    return 6_371_000 * math.hypot(east, math.radians(one[1] - other[1]))


# Positions


@given(in_china)
def test_gcj02_is_undone_to_less_than_a_metre(position):
    assert metres(positions.from_gcj02(positions.to_gcj02(position)), position) < 0.1


@given(in_china)
def test_bd09_is_undone_to_less_than_a_metre(position):
    there = positions.to_bd09(positions.to_gcj02(position))
    assert metres(positions.to_wgs84(there, Datum.BD09), position) < 1


@given(in_xining)
def test_each_shift_is_as_large_as_it_is_known_to_be(position):
    gcj02 = positions.to_gcj02(position)
    assert 100 < metres(gcj02, position) < 800
    assert 300 < metres(positions.to_bd09(gcj02), gcj02) < 1_200


def test_outside_of_china_gcj02_shifts_nothing():
    paris = (2.3522, 48.8566)
    assert positions.to_gcj02(paris) == paris
    assert positions.to_wgs84(paris, Datum.GCJ02) == paris


def test_a_published_pair_agrees():
    # 天安门, WGS-84 and GCJ-02 as the formula's commonly published test value
    assert metres(positions.to_gcj02((116.397428, 39.90923)), (116.403672, 39.910633)) < 2


@pytest.mark.parametrize("numbers", [(181, 0), (0, -90.1), (math.nan, 0), (0, math.inf)])
def test_what_is_no_position_on_earth_is_told(numbers):
    assert not positions.is_on_earth(*numbers)
    assert positions.is_on_earth(180, 90)


# Codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("630102", "630102000000"),
        ("630102001", "630102001000"),
        (" 630102001004 ", "630102001004"),
        ("630102001004001", "630102001004001"),
        ("6301", "630100000000"),
        ("63010", None),
        ("63010A", None),
        ("٦٣٠١٠٢", None),
        ("", None),
    ],
)
def test_codes_are_filled_up(text, code):
    assert canonical(text) == code


@pytest.fixture(scope="module")
def atlas(reference, django_db_blocker):
    with django_db_blocker.unblock():
        return Atlas.load()


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("630106", "", "630106000000"),
        ("630122", "", "630106000000"),  # 湟中 until 2019
        ("632124", "", "630106000000"),  # 湟中 until 1999, by two successions
        ("630121", "", "630121000000"),  # renamed, the same code
        ("632125000000", "", "630123000000"),
        ("630122105000", "", "630106000000"),  # an old township's digits alone prove nothing
        ("630122105000", "多巴镇", "630106105000"),
        ("630122105000", "拦隆口镇", "630106000000"),
        ("110101", "", None),
        ("nonsense", "", None),
    ],
)
def test_present_and_former_codes_lead_to_living_places(atlas, text, name, expected):
    found = atlas.codes.find(text, name)
    assert (found.code if found else None) == expected


# Addresses


@pytest.fixture(scope="module")
def gazetteer(atlas):
    return Gazetteer(atlas)


@pytest.mark.parametrize(
    ("address", "expected", "how"),
    [
        ("西宁市城东区东关大街78号", "城东区", How.NAME),  # a street is no subdistrict
        ("青海省西宁市城东区东关大街街道慈幼社区5号", "慈幼社区居民委员会", How.SHORT_NAME),
        ("城东区乐家湾镇1号", "乐家湾镇", How.NAME),
        ("城东区 乐家湾镇 1号", "乐家湾镇", How.NAME),
        ("西宁城东乐家湾镇1号", "乐家湾镇", How.SHORT_NAME),
        ("湟中县鲁沙尔镇12号", "鲁沙尔镇", How.OLD_NAME),
        ("青海省湟中县", "湟中区", How.OLD_NAME),
        ("湟中区多巴新城", "多巴镇", How.ALIAS),
        ("大通县桥头镇人民路", "桥头镇", How.SHORT_NAME),
        ("大通回族土族自治县城关镇", "城关镇", How.NAME),
        ("城北区二十里铺镇", "廿里铺镇", How.ALIAS),
        ("大通县向化乡", "向化藏族乡", How.SHORT_NAME),
        ("多巴镇国防路3号", "多巴镇", How.NAME),  # named once in the city
        ("No. 12, Yixin Road, Lejiawan Town, Chengdong District, Xining", "乐家湾镇", How.NAME),
    ],
)
def test_an_address_leads_to_the_deepest_place_it_names(gazetteer, address, expected, how):
    found = gazetteer.resolve(address)
    assert (found.place.name if found.place else None, found.how) == (expected, how)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "城东路12号",  # a street named after a district
        "湟中路8号",
        "城关镇西大街",  # two districts have one
        "人民路1号",
        "西宁市",
    ],
)
def test_an_address_that_names_no_single_place_leads_nowhere(gazetteer, address):
    found = gazetteer.resolve(address)
    assert found.place is None
    assert not found.elsewhere


@pytest.mark.parametrize(
    "address", ["海东市乐都区碾伯镇多巴镇路", "北京市朝阳区建国路", "甘肃省兰州市城关区", "互助县城关镇"]
)
def test_an_address_of_another_city_says_so(gazetteer, address):
    found = gazetteer.resolve(address)
    assert found.place is None
    assert found.elsewhere


def test_a_shared_name_counts_under_its_parent(gazetteer):
    assert gazetteer.resolve("湟源县城关镇").place.code == "630123100000"
    assert gazetteer.resolve("大通县城关镇").place.code == "630121101000"


def test_a_grid_cell_named_in_an_address_is_found(gazetteer, atlas):
    cell = next(p for p in atlas.places.values() if p.level == "cell")
    community = atlas.line(cell)[-2]
    township = atlas.line(cell)[-3]
    found = gazetteer.resolve(f"城东区{township.name}{community.name}第{cell.code[12:]}网格")
    assert found.place == cell


def test_what_is_known_already_is_kept_and_refined(gazetteer, atlas):
    chengdong = atlas.codes.find("630102")
    assert gazetteer.resolve("乐家湾镇1号", within=chengdong).place.name == "乐家湾镇"
    assert gazetteer.resolve("人民路1号", within=chengdong).place == chengdong
    contradicted = gazetteer.resolve("城西区胜利路1号", within=chengdong)
    assert (contradicted.place, contradicted.conflict) == (chengdong, True)
    town = atlas.codes.find("630121101000")
    assert gazetteer.resolve("大通县城关镇人民路", within=town).place == town


# Positions against outlines


def test_a_position_leads_to_the_cell_where_cells_are_drawn(reference, db, atlas):
    locator = Locator(atlas)
    cell = District.objects.filter(level="cell").first()
    from shapely.geometry import shape

    point = shape(cell.boundary).representative_point()
    assert locator.locate((point.x, point.y)).pk == cell.pk
    assert locator.locate((116.4, 39.9)) is None
    undrawn = District.objects.get(name="桥头镇")
    point = shape(undrawn.boundary).representative_point()
    assert locator.locate((point.x, point.y)).pk == undrawn.pk


def test_a_border_belongs_to_one_side_always_the_same(reference, db, atlas):
    locator = Locator(atlas)
    corner = District.objects.filter(level="cell").first().boundary["coordinates"][0][0]
    assert len({locator.locate(tuple(corner)) for _ in range(5)}) == 1


def test_columns_agree_with_and_without_a_query(reference, db, atlas):
    for place in (atlas.city, atlas.codes.find("630102"), atlas.codes.find("630102001004001"), None):
        node = District.objects.get(pk=place.pk) if place else None
        assert atlas.columns(place) == columns(node)


# All together


@pytest.fixture
def surveyor(reference, db, atlas):
    return Surveyor(atlas)


def centre(name):
    from shapely.geometry import shape

    point = shape(District.objects.get(name=name, closed_on=None).boundary).representative_point()
    return point.x, point.y


def test_the_position_leads_further_down_inside_of_the_address(surveyor):
    found = surveyor.settle(Clue("西宁市城东区", centre("乐家湾镇")))
    assert surveyor.atlas.line(found.place)[2].name == "乐家湾镇"
    assert not found.doubt


def test_the_address_district_wins_over_the_position_and_the_doubt_is_noted(surveyor):
    found = surveyor.settle(Clue("西宁市城西区胜利路", centre("乐家湾镇")))
    assert (found.place.name, found.doubt) == ("城西区", True)


def test_schematic_townships_raise_no_doubt_in_one_district(surveyor):
    found = surveyor.settle(Clue("城东区韵家口镇", centre("乐家湾镇")))
    assert (found.place.name, found.doubt) == ("韵家口镇", False)


def test_without_an_address_the_position_decides_and_without_both_nothing_does(surveyor):
    assert surveyor.settle(Clue("", centre("桥头镇"))).place.name == "桥头镇"
    assert surveyor.settle(Clue("人民路1号")).place is None
    assert surveyor.settle(Clue("", (116.4, 39.9))).place is None


def test_an_address_elsewhere_outweighs_a_position_here(surveyor):
    found = surveyor.settle(Clue("北京市朝阳区", centre("桥头镇")))
    assert (found.place, found.doubt) == (None, True)
