"""Loading the grid's reference data: places, matters, industries, features and units.

What is there already stays as it is, so that loading again adds what is missing and undoes nothing that
people have edited since.
"""

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from safegrid.audit.services import record
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Feature, Industry, Matter, Succession, Unit
from safegrid.grid.places.trees import grow

DATA = Path(__file__).resolve().parent / "data"
AREAS = ("districts.geojson", "townships.geojson", "cells.geojson")


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the data files."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@transaction.atomic
def load_reference(*, now: dt.datetime) -> dict[str, int]:
    """Load all reference data and return how many rows of each sort are new.

    One ledger entry names the files by their hashes, when there was anything to add.
    """
    added = {
        "districts": _districts(),
        "successions": _successions(),
        "matters": _matters(),
        "industries": _industries(),
        "features": _features(),
        "units": _units(),
    }
    if any(added.values()):
        record(
            District.objects.get(level=Level.CITY),
            "reference_loaded",
            actor=None,
            acting_post=None,
            now=now,
            data={"added": added, "sha256": _hashes()},
        )
    return added


def _hashes() -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(DATA.iterdir())}


def _areas() -> dict[str, dict[str, Any]]:
    """Every feature of the area files, by code."""
    features = [f for name in AREAS for f in json.loads((DATA / name).read_text("utf-8"))["features"]]
    return {feature["properties"]["code"]: feature for feature in features}


def _districts() -> int:
    """Add divisions with their cells, aliases and schematic outlines."""
    standing = {d.code: d for d in District.objects.filter(closed_on=None)}
    areas = _areas()
    aliases: dict[str, list[str]] = {}
    for row in rows("aliases.csv"):
        aliases.setdefault(row["code"], []).append(row["alias"])
    cells = [
        {**feature["properties"], "level": Level.CELL, "kind": "", "short_name": ""}
        for code, feature in areas.items()
        if len(code) == 15  # a division's has 12 digits
    ]
    new = []
    for row in [*rows("divisions.csv"), *cells]:
        if row["code"] in standing:
            continue
        node = District(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            short_name=row["short_name"],
            level=row["level"],
            kind=row["kind"],
            aliases=aliases.get(row["code"], []),
            boundary=areas[row["code"]]["geometry"] if row["code"] in areas else None,
        )
        new.append((node, standing.get(row["parent"])))
        standing[node.code] = node
    grow(new)
    return len(new)


def _successions() -> int:
    """Add closed districts under the city, and what followed each of them."""
    city = District.objects.get(level=Level.CITY)
    following = rows("successions.csv")
    ended: dict[tuple[str, dt.date | None], District] = {
        (d.code, d.closed_on): d for d in District.objects.exclude(closed_on=None)
    }
    opened = {row["to_code"]: dt.date.fromisoformat(row["date"]) for row in following}
    new = []
    for row in following:
        closed_on = dt.date.fromisoformat(row["date"])
        if (row["from_code"], closed_on) in ended:
            continue
        since = opened.get(row["from_code"])
        node = District(
            code=row["from_code"],
            name=row["from_name"],
            name_en=row["from_name_en"],
            level=Level.DISTRICT,
            kind=row["from_name"][-1],
            opened_on=since if since is not None and since < closed_on else None,
            closed_on=closed_on,
        )
        ended[node.code, closed_on] = node
        new.append((node, city))
    grow(new)
    living = {d.code: d for d in District.objects.filter(closed_on=None, level=Level.DISTRICT)}
    known = set(Succession.objects.values_list("predecessor_id", "successor_id"))
    links = []
    for row in following:
        on = dt.date.fromisoformat(row["date"])
        later = [c for code, c in ended if code == row["to_code"] and c is not None and c > on]
        next_ended = min(later, default=None)
        successor = ended[row["to_code"], next_ended] if next_ended else living[row["to_code"]]
        predecessor = ended[row["from_code"], on]
        if (predecessor.pk, successor.pk) not in known:
            links.append(Succession(predecessor=predecessor, successor=successor, on=on, kind=row["kind"]))
            if successor.opened_on is None:
                successor.opened_on = on
                successor.save(update_fields=["opened_on"])
    Succession.objects.bulk_create(links)
    return len(links)


def _matters() -> int:
    standing = {m.code: m for m in Matter.objects.all()}
    new = []
    for row in rows("matters.csv"):
        if row["code"] not in standing:
            node = Matter(code=row["code"], name=row["name"], name_en=row["name_en"])
            new.append((node, standing.get(row["parent"])))
            standing[node.code] = node
    grow(new)
    return len(new)


def _industries() -> int:
    """Add sections and divisions of GB/T 4754-2017, each with the matters of its own."""
    standing = {i.code: i for i in Industry.objects.all()}
    new = []
    for level in ("section", "division"):
        fresh = [
            Industry(
                code=row["code"],
                name=row["name"],
                name_en=row["name_en"],
                parent=standing.get(row["parent"]),
            )
            for row in rows("industries.csv")
            if row["level"] == level and row["code"] not in standing
        ]
        standing |= {i.code: i for i in Industry.objects.bulk_create(fresh)}
        new += fresh
    matters = {m.code: m.pk for m in Matter.objects.all()}
    added = {industry.code for industry in new}
    link = Industry.matters.through
    link.objects.bulk_create(
        link(industry_id=standing[row["industry"]].pk, matter_id=matters[code])
        for row in rows("industry_matters.csv")
        if row["industry"] in added
        for code in row["matters"].split(";")
    )
    return len(new)


def _features() -> int:
    standing = set(Feature.objects.values_list("code", flat=True))
    matters = {m.code: m for m in Matter.objects.all()}
    brings = {row["feature"]: matters[row["matter"]] for row in rows("feature_matters.csv")}
    new = [
        Feature(code=row["code"], name=row["name"], name_en=row["name_en"], matter=brings[row["code"]])
        for row in rows("features.csv")
        if row["code"] not in standing
    ]
    Feature.objects.bulk_create(new)
    return len(new)


def _units() -> int:
    """Add the city's units and those that every district and township has (Work Safety Law, Art. 9–10)."""
    standing = set(Unit.objects.values_list("code", flat=True))
    matters = {m.code: m.pk for m in Matter.objects.all()}
    signs = {row["code"]: row["sign"] for row in rows("divisions.csv")}
    places = District.objects.filter(closed_on=None).defer("boundary").order_by("path")
    city = next(place for place in places if place.level == Level.CITY)
    wanted: list[tuple[dict[str, str], District, dict[str, str]]] = [
        (row, city, {}) for row in rows("units.csv")
    ]
    patterns = rows("unit_patterns.csv")
    for place in places:
        words = {
            "code": place.code,
            "name": place.name,
            "name_en": place.name_en,
            "short": place.short_name or place.name,
            "sign": signs.get(place.code, ""),
        }
        wanted += [(row, place, words) for row in patterns if place.kind in row["place_kinds"].split(";")]
    new: list[Unit] = []
    governs: dict[str, list[int]] = {}
    for row, place, words in wanted:
        code = row["code"].format_map(words)
        if code in standing:
            continue
        texts = {
            key: row[key].format_map(words)
            for key in ("name", "name_en", "short_name", "prefix", "basis", "basis_en")
        }
        new.append(Unit(code=code, kind=row["kind"], district=place, **texts))
        governs[code] = [matters[m] for m in row["matters"].split(";") if m]
    Unit.objects.bulk_create(new)
    link = Unit.governs.through
    link.objects.bulk_create(link(unit_id=unit.pk, matter_id=m) for unit in new for m in governs[unit.code])
    return len(new)
