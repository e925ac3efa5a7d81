"""The seed data of the grid holds together: codes, parents, names in both languages, exact coverage."""

import csv
import datetime
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import chinese_calendar
import pytest
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).resolve().parents[2] / "safegrid" / "grid" / "data"

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def by_code(name: str) -> dict[str, Row]:
    found = {row["code"]: row for row in rows(name)}
    assert len(found) == len(rows(name)), f"a code of {name} is there twice"
    return found


def areas(name: str) -> dict[str, tuple[Row, BaseGeometry]]:
    features = json.loads((DATA / name).read_text(encoding="utf-8"))["features"]
    found = {f["properties"]["code"]: (f["properties"], shape(f["geometry"])) for f in features}
    assert len(found) == len(features)
    return found


def codes_in(cell: str) -> list[str]:
    return [code for code in cell.split(";") if code]


# Divisions


def test_the_tree_is_the_whole_of_xining():
    assert Counter(row["level"] for row in rows("divisions.csv")) == {
        "city": 1,
        "district": 7,
        "township": 80,
        "community": 1100,
    }


def test_every_division_hangs_under_the_level_above_it_and_after_it_in_the_file():
    above = {"city": None, "district": "city", "township": "district", "community": "township"}
    seen: dict[str, str] = {}
    for row in rows("divisions.csv"):
        assert re.fullmatch(r"6301\d{8}", row["code"])
        assert seen.get(row["parent"]) == above[row["level"]], row
        seen[row["code"]] = row["level"]


def test_a_division_code_begins_with_the_significant_digits_of_its_parent():
    digits = {"district": 4, "township": 6, "community": 9}
    for row in rows("divisions.csv"):
        if row["parent"]:
            assert row["code"].startswith(row["parent"][: digits[row["level"]]]), row


def test_every_division_has_a_kind_and_an_english_name_without_chinese():
    for row in rows("divisions.csv"):
        assert row["kind"], row
        assert re.fullmatch(r"[A-Za-zü' -]+", row["name_en"]), row
        assert row["short_name"] != row["name"], row


@pytest.mark.parametrize(
    ("code", "name", "short_name", "name_en"),
    [
        ("630102000000", "城东区", "城东", "Chengdong District"),
        ("630106000000", "湟中区", "湟中", "Huangzhong District"),
        ("630121000000", "大通回族土族自治县", "大通县", "Datong Hui and Tu Autonomous County"),
        ("630102001000", "东关大街街道", "", "Dongguan Street Subdistrict"),
        ("630123201000", "日月藏族乡", "", "Riyue Tibetan Ethnic Township"),
        ("630102001004", "慈幼社区居民委员会", "慈幼社区", "Ciyou Community"),
        ("630102003203", "友谊村村民委员会", "友谊村", "Youyi Village"),
        ("630105101205", "新村委会", "新村", "Xincun Village"),
    ],
)
def test_names_read_as_people_say_them(code, name, short_name, name_en):
    row = by_code("divisions.csv")[code]
    assert (row["name"], row["short_name"], row["name_en"]) == (name, short_name, name_en)


def test_districts_and_the_city_have_distinct_signs_for_their_documents():
    signs = [row["sign"] for row in rows("divisions.csv") if row["level"] in ("city", "district")]
    assert all(signs)
    assert len(set(signs)) == 8


def test_a_chain_of_successions_leads_from_every_old_code_to_a_living_district():
    living = by_code("divisions.csv")
    following = {row["from_code"]: row for row in rows("successions.csv")}
    for start in following:
        code, date = start, ""
        while code not in living:
            step = following[code]
            assert step["date"] > date
            code, date = step["to_code"], step["date"]
        assert living[code]["level"] == "district"
    assert following["630122000000"]["to_code"] == "630106000000"
    assert following["630122000000"]["from_name"] == "湟中县"


def test_an_alias_names_one_living_place_and_is_not_its_own_name():
    living = by_code("divisions.csv")
    aliases = rows("aliases.csv")
    assert len({row["alias"] for row in aliases}) == len(aliases)
    for row in aliases:
        assert row["alias"] not in (living[row["code"]]["name"], living[row["code"]]["short_name"])


# Areas


@pytest.mark.parametrize(
    ("name", "count"), [("districts.geojson", 7), ("townships.geojson", 80), ("cells.geojson", 84)]
)
def test_areas_of_a_level_are_valid_and_neither_overlap_nor_miss_each_other(name, count):
    found = areas(name)
    geometries = [geometry for _, geometry in found.values()]
    assert len(found) == count
    assert all(geometry.is_valid and geometry.geom_type == "Polygon" for geometry in geometries)
    assert shapely.coverage_is_valid(geometries)
    assert all(properties["schematic"] is True for properties, _ in found.values())


def test_coordinates_have_six_decimals_and_lie_in_xining():
    for name in ("districts.geojson", "townships.geojson", "cells.geojson"):
        for _, geometry in areas(name).values():
            for x, y in shapely.get_coordinates(geometry).tolist():
                assert (round(x, 6), round(y, 6)) == (x, y)
                assert 100.8 < x < 102.0
                assert 36.2 < y < 37.5


@pytest.mark.parametrize(
    ("inner", "outer", "parents"),
    [("townships.geojson", "districts.geojson", 7), ("cells.geojson", "townships.geojson", 13)],
)
def test_parts_make_up_their_whole_exactly(inner, outer, parents):
    divisions = by_code("divisions.csv")
    wholes = areas(outer)
    parts = defaultdict(list)
    for properties, geometry in areas(inner).values():
        parent = properties["parent"]
        parts[parent if parent in wholes else divisions[parent]["parent"]].append(geometry)
    assert len(parts) == parents
    for code, geometries in parts.items():
        assert shapely.coverage_union_all(geometries).normalize() == wholes[code][1].normalize()


def test_an_area_and_its_division_agree_on_parent_and_names():
    divisions = by_code("divisions.csv")
    for name in ("districts.geojson", "townships.geojson"):
        for code, (properties, _) in areas(name).items():
            row = divisions[code]
            assert [properties[key] for key in ("parent", "name", "name_en")] == [
                row["parent"],
                row["name"],
                row["name_en"],
            ]


def test_a_cell_belongs_to_the_community_whose_code_it_carries():
    divisions = by_code("divisions.csv")
    for code, (properties, _) in areas("cells.geojson").items():
        assert re.fullmatch(r"\d{15}", code)
        assert properties["parent"] == code[:12]
        assert divisions[code[:12]]["level"] == "community"
        assert properties["name"].endswith(f"第{code[12:]}网格")
        assert properties["name_en"] == f"{divisions[code[:12]]['name_en']} Cell {code[12:]}"


def test_every_community_of_a_township_with_cells_has_one():
    divisions = by_code("divisions.csv")
    with_cells = {code[:12] for code in areas("cells.geojson")}
    townships = {divisions[code]["parent"] for code in with_cells}
    assert with_cells == {row["code"] for row in divisions.values() if row["parent"] in townships}


def test_the_maps_are_light():
    assert sum(path.stat().st_size for path in DATA.glob("*.geojson")) < 400_000


# Industries, matters, features


def test_industries_are_the_20_sections_and_97_divisions():
    industries = by_code("industries.csv")
    assert [c for c, r in industries.items() if r["level"] == "section"] == list("ABCDEFGHIJKLMNOPQRST")
    assert [c for c, r in industries.items() if r["level"] == "division"] == [
        f"{n:02d}" for n in range(1, 98)
    ]
    for row in industries.values():
        assert row["name"], row
        assert row["name_en"], row
        if row["level"] == "division":
            assert industries[row["parent"]]["level"] == "section"
        else:
            assert row["parent"] == ""
    assert {row["parent"] for row in industries.values()} - {""} == set("ABCDEFGHIJKLMNOPQRST")


def test_matters_stand_in_two_levels_and_are_named_in_both_languages():
    matters = by_code("matters.csv")
    for code, row in matters.items():
        assert row["name"], row
        assert row["name_en"], row
        assert code.rpartition("-")[0] == row["parent"]
        if row["parent"]:
            assert matters[row["parent"]]["parent"] == ""


def test_every_industry_division_has_general_safety_and_only_known_matters():
    industries, matters = by_code("industries.csv"), by_code("matters.csv")
    mapped = {row["industry"]: codes_in(row["matters"]) for row in rows("industry_matters.csv")}
    assert len(mapped) == len(rows("industry_matters.csv"))
    assert mapped.keys() <= industries.keys()
    assert {code for codes in mapped.values() for code in codes} <= matters.keys()
    for code, row in industries.items():
        if row["level"] == "division":
            held = mapped.get(row["parent"], []) + mapped.get(code, [])
            assert "general" in held
            assert len(held) == len(set(held)), f"{code} has a matter from its section and again of its own"


def test_every_feature_brings_a_known_matter():
    features, matters = by_code("features.csv"), by_code("matters.csv")
    mapped = rows("feature_matters.csv")
    assert {row["feature"] for row in mapped} == features.keys()
    assert {row["matter"] for row in mapped} <= matters.keys()
    assert all(row["name"] and row["name_en"] for row in features.values())


def test_every_matter_can_reach_a_site():
    reached = {row["matter"] for row in rows("feature_matters.csv")}
    for row in rows("industry_matters.csv"):
        reached |= set(codes_in(row["matters"]))
    by_hand = {"road_traffic"}
    assert by_code("matters.csv").keys() - reached == by_hand


# Units


def test_every_matter_is_governed_at_the_city_by_exactly_one_unit():
    matters = by_code("matters.csv")
    governed = Counter(
        code
        for row in rows("units.csv")
        if row["kind"] in ("member_unit", "committee_office")
        for code in codes_in(row["matters"])
    )
    assert governed.keys() <= matters.keys()
    assert max(governed.values()) == 1
    roots = {code for code in matters if "-" not in code}
    split = {"construction"}  # each of its children has a unit of its own
    assert roots - governed.keys() == split
    assert {code for code in matters if code.startswith("construction-")} <= governed.keys()


def test_units_are_named_numbered_and_of_a_known_kind():
    units = by_code("units.csv")
    assert len({row["prefix"] for row in units.values()}) == len(units)
    for row in units.values():
        assert all(row[key] for key in ("name", "name_en", "short_name", "prefix", "basis", "basis_en")), row
        assert row["kind"] in {"government", "committee_office", "member_unit", "party"}


def test_every_district_and_township_has_exactly_one_pattern_of_government():
    governments = Counter(
        kind
        for row in rows("unit_patterns.csv")
        if row["kind"] == "government"
        for kind in codes_in(row["place_kinds"])
    )
    kinds = {row["kind"] for row in rows("divisions.csv") if row["level"] in ("district", "township")}
    assert governments == dict.fromkeys(kinds, 1)


# Calendar


def test_the_calendar_agrees_with_the_published_holidays_on_every_day():
    kinds = {row["date"]: row["kind"] for row in rows("calendar.csv")}
    assert len(kinds) == len(rows("calendar.csv"))
    day = datetime.date(2024, 1, 1)
    while day < datetime.date(2027, 1, 1):
        weekday = day.weekday() < 5
        works = {"holiday": False, "makeup_workday": True}.get(kinds.get(day.isoformat(), ""), weekday)
        assert works == chinese_calendar.is_workday(day), day
        day += datetime.timedelta(days=1)


# Names


def test_the_words_of_the_demo_city_refer_to_known_industries_and_features():
    names = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
    industries, features = by_code("industries.csv"), by_code("features.csv")
    for business in names["businesses"]:
        assert industries[business["industry"]]["level"] == "division"
        assert set(business["features"]) <= features.keys()
        assert business["form"] in names["forms"]
        assert business["words"]
        assert business["weight"] > 0
    assert len(names["trade_names"]) * sum(len(b["words"]) for b in names["businesses"]) > 2_000
    for key in ("trade_names", "surnames", "given_names", "streets"):
        assert len(set(names[key])) == len(names[key]), f"a word of {key} is there twice"


# Sources


def test_the_list_of_sources_names_every_file():
    text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    files = {path.name for path in DATA.iterdir()} - {"SOURCES.md"}
    assert {name for name in files if f"`{name}`" not in text} == set()
