"""Make the committed seed data of the grid from the raw public files.

Each option reads one raw file and rewrites what depends on it in safegrid/grid/data/; running it again gives
the same bytes. SOURCES.md beside the data says where each raw file comes from.

    python tools/grid_data.py --divisions xining_divisions_nbs2023.csv
    python tools/grid_data.py --boundaries xining_districts_cgcs2000.geojson
    python tools/grid_data.py --holidays cn_holidays_2024_2026.csv
    python tools/grid_data.py --check-industries gb4754_2017.csv
"""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import shapely
from grid_geometry import Areas, Schematic, build
from grid_names import ENGLISH, community_short
from shapely.geometry import Point, mapping, shape

DATA = Path(__file__).resolve().parent.parent / "safegrid" / "grid" / "data"
SEATS = Path(__file__).resolve().parent / "township_seats.csv"

# How people say a division, and the sign that documents of its bodies carry (字号): 宁东 is Chengdong's.
SHORT_NAMES = {"630100000000": "西宁", "630121000000": "大通县"}
DOCUMENT_SIGNS = {
    "630100000000": "宁",
    "630102000000": "宁东",
    "630103000000": "宁中",
    "630104000000": "宁西",
    "630105000000": "宁北",
    "630106000000": "湟中",
    "630121000000": "大通",
    "630123000000": "湟源",
}
# Townships that are cut into cells, with the cells that each of their communities gets.
CELLS_PER_COMMUNITY = {
    "630102001000": 2,
    "630102002000": 1,
    "630102003000": 1,
    "630102004000": 1,
    "630102005000": 2,
    "630102006000": 1,
    "630103001000": 2,
    "630103003000": 2,
    "630104001000": 2,
    "630104002000": 2,
    "630105001000": 1,
    "630105004000": 1,
    "630106401000": 2,
}
HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}

Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(name: str, rows: Iterable[Row]) -> None:
    """Write rows, all with the same columns, as DATA/`name`."""
    rows = list(rows)
    with (DATA / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows")


def kind_of(row: Row) -> str:
    """Return the kind of a raw division, more exact than the raw file's where the name tells more."""
    if row["kind"] == "类似乡级单位":
        return "园区"
    for ending, kind in (("自治县", "自治县"), ("族乡", "民族乡")):
        if row["name"].endswith(ending):
            return kind
    return row["kind"]


def short_name_of(row: Row) -> str:
    """Return how people say the division, blank where they say the name itself."""
    if row["level"] == "community":
        short = community_short(row["name"])
    elif row["level"] == "district":
        short = SHORT_NAMES.get(row["code"], row["name"][:-1])
    else:
        short = SHORT_NAMES.get(row["code"], row["name"])
    return "" if short == row["name"] else short


def write_divisions(raw: Path) -> None:
    """Write divisions.csv: the whole tree, parents before children."""
    depth = ["city", "district", "township", "community"]
    rows = sorted(read_rows(raw), key=lambda row: (depth.index(row["level"]), row["code"]))
    write_rows(
        "divisions.csv",
        (
            {
                "code": row["code"],
                "parent": row["parent"],
                "level": row["level"],
                "kind": kind_of(row),
                "name": row["name"],
                "short_name": short_name_of(row),
                "name_en": ENGLISH[row["level"]](row["name"]),
                "sign": DOCUMENT_SIGNS.get(row["code"], ""),
            }
            for row in rows
        ),
    )


def cell_codes(divisions: Iterable[Row]) -> dict[str, dict[str, list[str]]]:
    """Return township → community → the codes of its cells: the community's code and three digits."""
    grid: dict[str, dict[str, list[str]]] = {township: {} for township in CELLS_PER_COMMUNITY}
    for row in divisions:
        if row["parent"] in grid:
            count = CELLS_PER_COMMUNITY[row["parent"]]
            grid[row["parent"]][row["code"]] = [f"{row['code']}{n:03d}" for n in range(1, count + 1)]
    return grid


def write_features(name: str, areas: Areas, properties: dict[str, Row], *, schematic: bool) -> None:
    """Write areas as GeoJSON (WGS-84, six decimals), a feature to a line so that changes can be read."""
    lines = []
    for code, area in sorted(areas.items()):
        feature = {
            "type": "Feature",
            "properties": {"code": code} | properties[code] | {"schematic": schematic},
            "geometry": mapping(shapely.normalize(area)),
        }
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    body = ",\n".join(lines)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    (DATA / name).write_text(text, encoding="utf-8")
    print(f"{name}: {len(lines)} areas, {len(text.encode()):,} bytes")


def write_boundaries(raw: Path) -> None:
    """Write districts.geojson, townships.geojson and cells.geojson; needs divisions.csv."""
    divisions = {row["code"]: row for row in read_rows(DATA / "divisions.csv")}
    features = json.loads(raw.read_text(encoding="utf-8"))["features"]
    districts = {f["properties"]["code"] + "000000": shape(f["geometry"]) for f in features}
    seats: dict[str, dict[str, Point]] = {}
    for row in read_rows(SEATS):
        point = Point(float(row["longitude"]), float(row["latitude"]))
        seats.setdefault(divisions[row["code"]]["parent"], {})[row["code"]] = point
    codes = cell_codes(divisions.values())
    schematic: Schematic = build(districts, seats, codes)

    properties = {
        code: {"parent": row["parent"], "name": row["name"], "name_en": row["name_en"]}
        for code, row in divisions.items()
    }
    cells = dict(cell_properties(divisions, schematic.cells))
    # The districts are a published outline, but of unstated origin: they too are shown as schematic.
    write_features("districts.geojson", schematic.districts, properties, schematic=True)
    write_features("townships.geojson", schematic.townships, properties, schematic=True)
    write_features("cells.geojson", schematic.cells, cells, schematic=True)


def cell_properties(divisions: dict[str, Row], codes: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """Yield each cell's code with its parent and its names, made from its community's."""
    for code in codes:
        community = divisions[code[:12]]
        short = community["short_name"] or community["name"]
        yield (
            code,
            {
                "parent": community["code"],
                "name": f"{short}第{code[12:]}网格",
                "name_en": f"{community['name_en']} Cell {code[12:]}",
            },
        )


def write_calendar(raw: Path) -> None:
    """Write calendar.csv: each public holiday and each make-up workday."""
    write_rows(
        "calendar.csv",
        (
            {
                "date": row["date"],
                "kind": row["kind"],
                "name": HOLIDAY_NAMES[row["name"]],
                "name_en": row["name"],
                "source": "chinesecalendar 1.11.0",
            }
            for row in read_rows(raw)
        ),
    )


def industry_differences(raw: Path) -> list[str]:
    """Return where industries.csv differs from the standard's table, in words; empty when it agrees."""
    levels = {"1": "section", "2": "division"}
    standard = {
        row["code"]: (levels[row["level"]], row["parent"], row["name"])
        for row in read_rows(raw)
        if row["level"] in levels
    }
    ours = {
        row["code"]: (row["level"], row["parent"], row["name"]) for row in read_rows(DATA / "industries.csv")
    }
    return [
        f"{code}: the standard has {standard.get(code)}, industries.csv has {ours.get(code)}"
        for code in sorted(standard.keys() | ours.keys())
        if standard.get(code) != ours.get(code)
    ]


def main() -> int:
    """Do what the options ask for, in an order in which each step finds what it needs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for option in ("--divisions", "--boundaries", "--holidays", "--check-industries"):
        parser.add_argument(option, type=Path, metavar="PATH")
    options = parser.parse_args()
    if not any(vars(options).values()):
        parser.error("nothing to do: give at least one raw file")
    if options.divisions:
        write_divisions(options.divisions)
    if options.boundaries:
        write_boundaries(options.boundaries)
    if options.holidays:
        write_calendar(options.holidays)
    if options.check_industries:
        differences = industry_differences(options.check_industries)
        print("\n".join(differences) or "industries.csv agrees with the standard")
        return 1 if differences else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
