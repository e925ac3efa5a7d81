"""The enterprises of the demo city: fictional, in real townships, most with one site."""

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import Point, shape
from stdnum.cn import uscc

from analysis.demo.cast import NAMES
from safegrid.accounts.models import Post, User
from safegrid.grid.choices import Datum, Level, NoUscc, RiskGrade, Size
from safegrid.grid.models import District, Enterprise, Industry, Site
from safegrid.grid.services import By, add_site, register_enterprise

ENTERPRISES = 320
WITH_SEVERAL_SITES = 18
#: How the city's enterprises spread over its districts: the four urban ones hold most.
SHARES = {
    "630102000000": 30,
    "630103000000": 20,
    "630104000000": 16,
    "630105000000": 16,
    "630106000000": 8,
    "630121000000": 7,
    "630123000000": 3,
}
DEMO_CELL = "630102001001001"
DEMO_NAME, RIVAL_NAME, LANDLORD_NAME = (
    "西宁恒盛餐饮有限公司",
    "青海远川商贸有限公司",
    "西宁河湟物业管理有限公司",
)
PRINCIPAL = NAMES["principal"][0]  # of the demo enterprise
THIRD_TENANT = "西宁丁香教育咨询有限公司"
USCC_WITHOUT_CHECK = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Town:
    """A place to stand in: a township or a cell with its outline."""

    node: District
    outline: Any


class Businesses:
    """Registers enterprises one by one through the real service."""

    def __init__(
        self, rng: random.Random, words: dict[str, Any], *, actor: User, acting_post: Post, now: dt.datetime
    ) -> None:
        self.rng, self.words = rng, words
        self.by: By = {"actor": actor, "acting_post": acting_post, "now": now}
        self.industries = {i.code: i for i in Industry.objects.all()}
        self.used: set[str] = set()
        nodes = District.objects.filter(closed_on=None, boundary__isnull=False)
        self.cells: dict[str, list[Town]] = {}
        self.towns: dict[str, list[Town]] = {}
        for node in nodes.filter(level__in=(Level.TOWNSHIP, Level.CELL)).order_by("code"):
            town = Town(node, shape(node.boundary))
            if node.level == Level.CELL:
                self.cells.setdefault(node.code[:9] + "000", []).append(town)
            else:
                self.towns.setdefault(node.code[:6] + "000000", []).append(town)

    def make_all(self) -> list[Enterprise]:
        """Register the whole city; the demo enterprise, its landlord, the rival and a third tenant first."""
        made = self._shared_building()
        for reason in (NoUscc.APPLYING, NoUscc.UNLICENSED):
            made.append(self._one(no_uscc_reason=reason))
        while len(made) < ENTERPRISES:
            made.append(self._one())
        for enterprise in self.rng.sample(made[6:], WITH_SEVERAL_SITES):
            for i in range(self.rng.randint(1, 3)):
                self._another_site(enterprise, i)
        return made

    # -- one building, a landlord and three tenants ------------------------------------------------

    def _shared_building(self) -> list[Enterprise]:
        cell = next(t for ts in self.cells.values() for t in ts if t.node.code == DEMO_CELL)
        at = cell.outline.representative_point()
        address = f"西宁市城东区{self._address_words(cell.node)}丁香路8号丁香商务楼"
        made = []
        landlord: Site | None = None
        for name, floor, industry, features, size in (
            (LANDLORD_NAME, "", "70", ["has_lift", "crowded_place"], Size.MEDIUM),
            (DEMO_NAME, "1—2层", "62", ["uses_gas", "has_lift", "crowded_place"], Size.SMALL),
            (RIVAL_NAME, "3层", "52", ["has_lift"], Size.SMALL),
            (THIRD_TENANT, "4层", "83", ["has_lift", "crowded_place"], Size.MICRO),
        ):
            enterprise = self._register(
                name=name,
                address=address + floor,
                point=at,
                node=cell.node,
                industry=industry,
                features=self._known(features),
                size=size,
                landlord=landlord,
                principal=PRINCIPAL if name == DEMO_NAME else "",
            )
            landlord = landlord or enterprise.sites.get()
            made.append(enterprise)
        return made

    # -- anybody -----------------------------------------------------------------------------------

    def _one(self, no_uscc_reason: str = "") -> Enterprise:
        district = self.rng.choices(list(SHARES), list(SHARES.values()))[0]
        town = self.rng.choice(self.towns[district])
        town = self._narrowed(town)
        business = self.rng.choices(
            self.words["businesses"], [b["weight"] for b in self.words["businesses"]]
        )[0]
        features = [f for f in business["features"] if self.rng.random() < 0.7]
        return self._register(
            name=self._name(business),
            address=self._address(town),
            point=self._point(town.outline),
            node=town.node,
            industry=business["industry"],
            features=self._known(features),
            size=self.rng.choices(list(Size.values), [2, 10, 48, 40])[0],
            no_uscc_reason=no_uscc_reason,
        )

    def _another_site(self, enterprise: Enterprise, number: int) -> None:
        first = enterprise.sites.order_by("pk").first()
        assert first is not None  # noqa: S101 (an enterprise is registered with its site)
        assert first.industry is not None  # noqa: S101 (and that with an industry)
        assert first.district is not None  # noqa: S101 (it was placed)
        district = first.district.code
        town = self._narrowed(self.rng.choice(self.towns[district]))
        add_site(
            enterprise=enterprise,
            site=self._site(
                f"{enterprise.name}{('第二', '第三', '第四')[number]}营业场所",
                self._address(town),
                self._point(town.outline),
                first.industry.code,
                list(first.features),
            ),
            node=town.node,
            **self.by,
        )

    def _register(
        self,
        *,
        name: str,
        address: str,
        point: Point,
        node: District,
        industry: str,
        features: list[str],
        size: str,
        landlord: Site | None = None,
        no_uscc_reason: str = "",
        principal: str = "",
    ) -> Enterprise:
        site = self._site(name, address, point, industry, features)
        if landlord is not None:
            site["landlord"] = landlord
        return register_enterprise(
            name=name,
            uscc=None if no_uscc_reason else self._uscc(),
            no_uscc_reason=no_uscc_reason,
            size=size,
            principal=principal or self._person(),
            phone=f"0971-56{self.rng.randint(10000, 99999)}",
            site=site,
            node=node,
            **self.by,
        )

    def _site(
        self, name: str, address: str, point: Point, industry: str, features: list[str]
    ) -> dict[str, Any]:
        return {
            "name": name,
            "address": address,
            "longitude": round(point.x, 6),
            "latitude": round(point.y, 6),
            "datum": Datum.WGS84,
            "industry": self.industries[industry],
            "features": features,
            "risk": self._risk(features),
        }

    def _narrowed(self, town: Town) -> Town:
        """Return a cell of the township where cells are drawn, else the township."""
        cells = self.cells.get(town.node.code)
        return self.rng.choice(cells) if cells else town

    def _point(self, outline: Any) -> Point:
        west, south, east, north = shapely.bounds(outline)
        while True:
            point = Point(self.rng.uniform(west, east), self.rng.uniform(south, north))
            if outline.contains(point):
                return point

    def _address(self, town: Town) -> str:
        district = District.objects.filter(path=town.node.path[: 2 * District.steplen]).values_list(
            "name", flat=True
        )
        street, number = self.rng.choice(self.words["streets"]), self.rng.randint(1, 180)
        return f"西宁市{district[0]}{self._address_words(town.node)}{street}{number}号"

    def _address_words(self, node: District) -> str:
        paths = [node.path[: i * District.steplen] for i in range(3, min(node.depth, 4) + 1)]
        return "".join(
            District.objects.filter(path__in=paths).order_by("path").values_list("name", flat=True)
        )

    def _name(self, business: dict[str, Any]) -> str:
        while True:
            trade, word = self.rng.choice(self.words["trade_names"]), self.rng.choice(business["words"])
            form = self.rng.choice(self.words["forms"][business["form"]])
            where = "西宁" if business["form"] in ("company", "branch") else ""
            name = f"{where}{trade}{word}{form}"
            if name not in self.used:
                self.used.add(name)
                return name

    def _person(self) -> str:
        return self.rng.choice(self.words["surnames"]) + self.rng.choice(self.words["given_names"])

    def _uscc(self) -> str:
        """Return a valid code of a registrar number that stands for no real body."""
        body = "91630100MA" + "".join(self.rng.choices(USCC_WITHOUT_CHECK, k=7))
        return body + uscc.calc_check_digit(body)

    def _known(self, features: list[str]) -> list[str]:
        return sorted(set(features))

    def _risk(self, features: list[str]) -> str:
        dangerous = {"stores_hazchem", "has_dust", "uses_explosives", "ammonia_refrigeration"}
        if dangerous & set(features):
            return self.rng.choice([RiskGrade.RED, RiskGrade.ORANGE])
        return self.rng.choices([RiskGrade.ORANGE, RiskGrade.YELLOW, RiskGrade.BLUE], [8, 37, 55])[0]
