"""Enterprises and their sites: most have one, some two to five; few districts and townships hold most."""

import itertools
import json
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import shapely
from shapely.geometry import shape
from stdnum.cn import uscc

from bench.data.bulk import array, copy_text
from bench.data.size import CHUNK, Size, dice
from safegrid.grid.choices import EnterpriseStatus, Level, NoUscc, RiskGrade
from safegrid.grid.choices import Size as EnterpriseSize
from safegrid.grid.keys import import_key
from safegrid.grid.matters import MatterMap
from safegrid.grid.models import District, Enterprise, Industry, Site, SiteMatter
from safegrid.grid.places.columns import columns
from safegrid.grid.reference import DATA
from safegrid.kernel.bigrams import bigrams, joined
from safegrid.kernel.scope import LEVELS

#: Shares of the districts, the urban ones first, as the demo city has them.
SHARES = (30, 20, 16, 16, 8, 7, 3)
MANY_SITES = 0.06  # of the enterprises have more than one
WITHOUT_CODE = 0.03
WITHOUT_PLACE = 0.005
HEAD = 4  # of townships and of cells: the largest holds some times the average, not half of the whole
SPREAD = 0.0005  # degrees around one of an area's points
POINTS = 60  # of an area
REASONS, STATUSES, SIZES, RISKS = (
    [str(value) for value in choices.values]
    for choices in (NoUscc, EnterpriseStatus, EnterpriseSize, RiskGrade)
)
CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

ENTERPRISE_COLUMNS = [
    "id",
    "name",
    "name_en",
    "uscc",
    "no_uscc_reason",
    "status",
    "size",
    "principal",
    "phone",
    "created_at",
    "import_key",
    "search",
    "search_text",
]
SITE_COLUMNS = [
    "id",
    "enterprise_id",
    "name",
    "address",
    "longitude",
    "latitude",
    "datum",
    "place_fixed",
    "place_doubt",
    "industry_id",
    "features",
    "risk",
    "landlord_id",
    "status",
    "matter_ids",
    "created_at",
    "search",
    "search_text",
    "district_id",
    "township_id",
    "community_id",
    "cell_id",
]
MATTER_COLUMNS = ("site_id", "matter_id", "span", "origin")


def zipf(count: int, head: int = 0) -> list[float]:
    """Return cumulated weights of `count` things of which few are frequent and many are rare.

    The n-th weighs 1 / (n + head): a larger `head` sets the first ones less apart.
    """
    return list(itertools.accumulate(1 / (rank + head) for rank in range(1, count + 1)))


def pick(dice: Random, things: Sequence[Any], weights: Sequence[float]) -> Any:
    """Return one of `things` by cumulated weights."""
    return things[bisect(weights, dice.random() * weights[-1], 0, len(things) - 1)]


@dataclass(frozen=True)
class Spot:
    """A place where sites stand: its columns, the words of its address, some points inside it."""

    ids: tuple[str, ...]
    words: str
    points: list[tuple[float, float]]


class Sites:
    """Makes sites chunk by chunk; what all chunks need is read once, before the processes part."""

    def __init__(self, size: Size) -> None:
        self.size = size
        words = json.loads((DATA / "names.json").read_text(encoding="utf-8"))
        self.words = words
        industries = dict(Industry.objects.values_list("code", "pk"))
        matters = MatterMap()
        self.businesses = []
        for business in words["businesses"]:
            industry = industries[business["industry"]]
            origins = matters.derive(industry, business["features"])
            above = matters.with_ancestors(origins)
            self.businesses.append((business, industry, origins, above))
        self.business_weights = list(itertools.accumulate(b["weight"] for b in words["businesses"]))
        self.spots, self.spot_weights = self._spots()
        self.first_day = str(size.first_day)
        self.since = f"{size.first_day} 00:00:00+00"

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.size.sites // CHUNK)

    def _spots(self) -> tuple[list[Spot], list[float]]:
        """Return every cell, community or township in which sites stand, with its share of the city."""
        nodes = District.objects.filter(closed_on=None).order_by("path")
        below: dict[str, list[District]] = {}
        for node in nodes:
            below.setdefault(node.path[: -District.steplen], []).append(node)
        rng = dice("spots")
        spots, weights = [], []
        city = next(node for node in nodes if node.level == Level.CITY)
        for district, share in zip(
            (node for node in below[city.path] if node.level == Level.DISTRICT), SHARES, strict=True
        ):
            towns = below[district.path]
            town_weights = zipf(len(towns), HEAD)
            for rank, town in enumerate(towns, start=1):
                leaves = self._leaves(town, below)
                leaf_weights = zipf(len(leaves), HEAD)
                part = share / (rank + HEAD) / town_weights[-1]
                for number, leaf in enumerate(leaves, start=1):
                    outline = shape(leaf.boundary or town.boundary or district.boundary)
                    found = columns(leaf)
                    ids = tuple(str(found[f"{level}_id"] or "\\N") for level in LEVELS)
                    name = leaf.name if leaf is not town else ""
                    address = f"西宁市{district.name}{town.name}{name}"
                    spots.append(Spot(ids, address, _points(rng, outline)))
                    weights.append(part / (number + HEAD) / leaf_weights[-1])
        return spots, list(itertools.accumulate(weights))

    @staticmethod
    def _leaves(town: District, below: dict[str, list[District]]) -> list[District]:
        """Return where a township's sites stand: its cells where some are drawn, else its communities."""
        communities = below.get(town.path, [])
        cells = [cell for community in communities for cell in below.get(community.path, [])]
        cells += [node for node in communities if node.level == Level.CELL]
        return cells or communities or [town]

    def make(self, chunk: int) -> None:
        """Make and write one chunk."""
        rng = dice("sites", chunk)
        enterprises: list[str] = []
        sites: list[str] = []
        matters: list[str] = []
        last = min((chunk + 1) * CHUNK, self.size.sites)
        pk = chunk * CHUNK + 1
        while pk <= last:
            many = rng.randint(2, 5) if rng.random() < MANY_SITES else 1
            count = min(many, last - pk + 1)
            self._enterprise(rng, pk, count, enterprises, sites, matters)
            pk += count
        copy_text(Enterprise, ENTERPRISE_COLUMNS, enterprises)
        copy_text(Site, SITE_COLUMNS, sites)
        copy_text(SiteMatter, MATTER_COLUMNS, matters)

    def _enterprise(
        self, rng: Random, pk: int, count: int, enterprises: list[str], sites: list[str], matters: list[str]
    ) -> None:
        words = self.words
        business, industry, origins, above = pick(rng, self.businesses, self.business_weights)
        spot = pick(rng, self.spots, self.spot_weights)
        form = rng.choice(words["forms"][business["form"]])
        trade = rng.choice(words["trade_names"]) + rng.choice(words["given_names"])
        name = f"西宁{trade}{rng.choice(business['words'])}{form}"
        code: str | None = None
        reason = ""
        if rng.random() < WITHOUT_CODE:
            reason = rng.choice(REASONS)
        else:
            body = f"916301{pk % 100:02d}MA{_base31(pk * 7919)}"
            code = body + uscc.calc_check_digit(body)
        address = f"{spot.words}{rng.choice(words['streets'])}{rng.randint(1, 380)}号"
        known = (name, "", code)
        enterprises.append(
            "\t".join(
                (
                    str(pk),
                    name,
                    "",
                    code or "\\N",
                    reason,
                    rng.choices(STATUSES, (92, 3, 3, 2))[0],
                    rng.choices(SIZES, (2, 10, 48, 40))[0],
                    rng.choice(words["surnames"]) + rng.choice(words["given_names"]),
                    f"0971-55{rng.randint(10000, 99999)}",
                    self.since,
                    import_key(code=code, name=name, address=address),
                    array(bigrams(*known)),
                    joined(*known).replace("\n", "\\n"),
                )
            )
        )
        for number in range(count):
            own = name if number == 0 else f"{name}第{'二三四五'[number - 1]}营业场所"
            if number:
                spot = pick(rng, self.spots, self.spot_weights)
                address = f"{spot.words}{rng.choice(words['streets'])}{rng.randint(1, 380)}号"
            x, y = rng.choice(spot.points)
            texts = (own, address, *known)
            placed = rng.random() >= WITHOUT_PLACE
            sites.append(
                "\t".join(
                    (
                        str(pk + number),
                        str(pk),
                        own,
                        address,
                        f"{x + rng.uniform(-SPREAD, SPREAD):.6f}",
                        f"{y + rng.uniform(-SPREAD, SPREAD):.6f}",
                        "wgs84",
                        "f",
                        "f",
                        str(industry),
                        array(business["features"]) if business["features"] else "{}",
                        rng.choices(RISKS, (2, 8, 35, 55))[0],
                        "\\N",
                        "operating",
                        "{" + ",".join(map(str, above)) + "}",
                        self.since,
                        array(bigrams(*texts)),
                        joined(*texts).replace("\n", "\\n"),
                        *(spot.ids if placed else ("\\N",) * len(LEVELS)),
                    )
                )
            )
            matters.extend(
                f"{pk + number}\t{matter}\t[{self.first_day},)\t{origin}"
                for matter, origin in origins.items()
            )


def _base31(number: int) -> str:
    """Return seven characters of a USCC, different for each number below 31 ** 7."""
    found = ""
    for _ in range(7):
        number, rest = divmod(number, len(CODE_CHARACTERS))
        found += CODE_CHARACTERS[rest]
    return found


def _points(rng: Random, outline: Any) -> list[tuple[float, float]]:
    west, south, east, north = shapely.bounds(outline)
    shapely.prepare(outline)
    found: list[tuple[float, float]] = []
    while len(found) < POINTS:
        drawn = [(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(POINTS)]
        inside = shapely.contains_xy(outline, drawn)
        found += [point for point, is_inside in zip(drawn, inside, strict=True) if is_inside]
    return found[:POINTS]
