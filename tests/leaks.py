"""What the leak tests stand on: rows worth leaking, who may read which, and every way to reach them.

A row of every scoped model stands at each of four sites, and one more hazard and visit at the hotel about
another matter. A hazard that the hotel found itself, and what is owed about it, is no
official's to read. Whoever adds a list or a scoped model adds its rows to `build_world`; until then the tests
fail.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.test import Client
from python_calamine import CalamineWorkbook

from hazards.choices import Road
from inspections.choices import Result
from safegrid.accounts.choices import PostKind
from safegrid.kernel.listing import Listing
from tests import factories as make
from tests.city import Cast

EVERYWHERE = {"hotel", "hotel_general", "warehouse", "shop", "school"}
OWN = {"hotel_own"}  # found by the enterprise itself, general and in time

#: Which rows each person reads, by where they stand; the matter of a hotel's row is fire, but for one.
MAY_READ = {
    "bureau": EVERYWHERE,
    "auditor": EVERYWHERE | OWN,
    "chengdong": EVERYWHERE - {"school"},
    "inspector": EVERYWHERE - {"school"},
    "inspector2": EVERYWHERE - {"school"},
    "gridofficer": {"hotel", "hotel_general", "shop"},
    "fire": {"hotel", "school"},
    "gas": {"shop"},
    "enterprise": {"hotel", "hotel_general", "warehouse"} | OWN,
    "principal": {"hotel", "hotel_general", "warehouse"} | OWN,
    "rival": {"shop"},
    "chengxi": {"school"},
    "admin": set(),
    "nobody": set(),
}

#: One person of each kind, for what takes whole pages.
VISITORS = [each for each in MAY_READ if each not in ("inspector", "inspector2", "principal")]

#: Who reads no row of a list. A self-inspection is about a whole site: no supervisor of a single matter's.
NO_ROW = {
    "self-inspections": {"fire", "gas"},
    "answers": {"fire", "gas"},
    "statements": {"fire", "gas"},
    "findings": {"enterprise", "principal", "rival"},  # who supervises is the supervisors' business
    "instructions": {"enterprise", "principal", "rival"},  # so is what they are asked
    "transfers": {"enterprise", "principal", "rival"},
    # What workers tell their own enterprise is no official's business.
    "workers' reports": set(MAY_READ) - {"enterprise", "principal", "rival"},
    "reports": {"enterprise", "principal", "rival"},  # an enterprise never learns who reported what
    # That somebody thinks about closing an enterprise is not its business, nor a single matter's.
    "closures": {"fire", "gas", "enterprise", "principal", "rival"},
    # A leading post and a notice stand in a place, for every matter; they are no enterprise's business.
    "leaders": {"fire", "gas", "enterprise", "principal", "rival"},
    "notices": {"fire", "gas", "enterprise", "principal", "rival"},
}


@dataclass(frozen=True)
class World:
    """The cast, and for each list its rows by where they stand."""

    cast: Cast
    rows: dict[str, dict[str, Any]]

    def readable(self, name: str, username: str) -> set[str]:
        """Return where the rows of the list `name` stand that the person reads."""
        if username in NO_ROW.get(name, ()):
            return set()
        return MAY_READ[username] & set(self.rows[name])


def told(hazard: Any, spot: str) -> dict[str, str]:
    """Return what is kept of a hazard beside what is owed about it; where it stands is its title."""
    return {"number": hazard.number, "title": f"[{spot}]"}


def build_world(cast: Cast) -> World:
    """Write a row of every scoped model at every site."""
    city = cast.city
    spots = {
        "hotel": (city.hotel, city.crowded),
        "hotel_general": (city.hotel, city.general),
        "warehouse": (city.warehouse, city.general),
        "shop": (city.shop, city.gas),
        "school": (city.school, city.fire),
    }
    whole_sites = {spot: site for spot, (site, _) in spots.items() if spot != "hotel_general"}
    hazards = {
        spot: make.HazardFactory(site=site, matter=matter, title=f"隐患在{spot}")
        for spot, (site, matter) in spots.items()
    }
    own = make.HazardFactory(
        site=city.hotel, matter=city.crowded, title="隐患在hotel_own", road=Road.SELF, found_post=None
    )
    lister = {"post": cast.posts["bureau"], "listed_by": cast.bureau}
    listings = {spot: make.ListedSupervisionFactory(hazard=each, **lister) for spot, each in hazards.items()}
    filled_in = {spot: make.SelfInspectionFactory(site=site) for spot, site in whole_sites.items()}
    template, receiver = make.StatementTemplateFactory(), make.UnitFactory()
    of_enterprises = {"hotel": city.enterprise, "shop": city.other, "school": city.west}
    staff = {spot: make.StaffFactory(enterprise=each) for spot, each in of_enterprises.items()}
    rows = {
        "hazards": hazards | {"hotel_own": own},
        "listings": listings,  # reached through their hazards
        "sites": whole_sites,
        "visits": {
            spot: make.VisitFactory(site=site, matter=matter) for spot, (site, matter) in spots.items()
        },
        "self-inspections": filled_in,
        "answers": {
            spot: make.AnswerFactory(inspection=each, item__matter=city.general)
            for spot, each in filled_in.items()
        }
        | {
            "hotel_own": make.AnswerFactory(
                inspection=filled_in["hotel"], item__matter=city.fire, result=Result.NOT_OK, hazard=own
            )
        },
        "obligations": {
            spot: make.ObligationFactory(
                site=site, matter=matter, subject=hazards[spot], params=told(hazards[spot], spot)
            )
            for spot, (site, matter) in spots.items()
        }
        | {
            "hotel_own": make.ObligationFactory(
                site=city.hotel, subject=own, is_shared=False, params=told(own, "hotel_own")
            )
        },
        "findings": {
            spot: make.FindingFactory(
                key=spot,
                matter=matter,
                sites=7_100_000 + n,  # which is no row's id
                **site.place_ids,
            )
            for n, (spot, (site, matter)) in enumerate(spots.items())
        },
        "instructions": _instructions(cast),
        "statements": {
            spot: make.StatementFactory(
                site=site, template=template, receiver=receiver, title=f"责任书在{spot}"
            )
            for spot, site in whole_sites.items()
            if spot != "warehouse"  # the hotel's enterprise
        },
        "enterprises": of_enterprises,
        "staff": staff,
        "certificates": {spot: make.CredentialFactory(holder=each) for spot, each in staff.items()},
        "trainings": {spot: make.TrainingFactory(enterprise=each) for spot, each in of_enterprises.items()},
        "training-years": {
            spot: make.TrainingYearFactory(enterprise=each) for spot, each in of_enterprises.items()
        },
        "risk-points": {
            spot: make.RiskPointFactory(site=site, owner=staff["hotel" if spot == "warehouse" else spot])
            for spot, site in whole_sites.items()
        },
        "risk-rounds": {spot: make.RiskRoundFactory(site=site) for spot, site in whole_sites.items()},
        "transfers": {
            spot: make.TransferFactory(site=site, matter=matter, name=f"移送{spot}的")
            for spot, (site, matter) in spots.items()
        },
        "leaders": {spot: make.LeaderFactory(**site.place_ids) for spot, site in whole_sites.items()},
        "notices": {spot: make.NoticeFactory(**site.place_ids) for spot, site in whole_sites.items()},
        "workers' reports": {spot: make.WorkerReportFactory(site=site) for spot, site in whole_sites.items()},
        "penalties": {
            spot: make.PenaltyFactory(site=site, matter=matter, document=f"罚决在{spot}的")
            for spot, (site, matter) in spots.items()
        },
        "closures": {
            spot: make.ClosureProposalFactory(site=site, reason=f"关闭事由在{spot}的")
            for spot, site in whole_sites.items()
            if spot != "warehouse"  # the hotel's enterprise
        },
        "reports": {
            spot: make.ReportFactory(site=site, matter=matter) for spot, (site, matter) in spots.items()
        },
    }
    return World(cast, rows)


def _instructions(cast: Cast) -> dict[str, Any]:
    """Write instructions so that each reader of a place has a part in one, by unit, or gave it."""
    city, post = cast.city, cast.posts
    elsewhere = make.PostFactory(kind=PostKind.HEAD)
    parts = {  # who gives, who leads, who assists
        "hotel": (city.hotel, city.crowded, "bureau", post["chengdong"], [post["fire"]]),
        "hotel_general": (city.hotel, city.general, "bureau", post["chengdong"], []),
        "warehouse": (city.warehouse, city.general, "chengdong", elsewhere, []),
        "shop": (city.shop, city.gas, "bureau", post["chengdong"], [post["gas"]]),
        "school": (city.school, city.fire, "bureau", post["chengxi"], [post["fire"]]),
    }
    return {
        spot: make.InstructionFactory(
            site=site, matter=matter, giver_post=post[giver], lead=lead, assist=assist
        )
        for spot, (site, matter, giver, lead, assist) in parts.items()
    }


#: The words by which a list's row is recognised on a page or in a sheet, in any language.
MARKS: dict[str, Callable[[Any], str]] = {
    "hazards": lambda row: row.number,
    "obligations": lambda row: row.params["title"],
    "visits": lambda row: row.number,
    "sites": lambda row: row.name,
    "self-inspections": lambda row: row.site.name,
    "findings": lambda row: str(row.sites),
    "instructions": lambda row: row.number,
    "statements": lambda row: row.title,
    "certificates": lambda row: row.number,
    "transfers": lambda row: row.name,
    "leaders": lambda row: row.post.title_en,
    "notices": lambda row: row.title,
    "reports": lambda row: row.number,
    "penalties": lambda row: row.document,
    "closures": lambda row: row.reason,
}


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser, at one list."""

    world: World
    listing: Listing
    client: Client
    url: str

    def found(self, text: str) -> set[str]:
        """Return where the rows stand whose marks are in `text`."""
        mark = MARKS[self.listing.name]
        return {spot for spot, row in self.world.rows[self.listing.name].items() if mark(row) in text}

    def by_id(self, ids: set[int]) -> set[str]:
        """Return where the rows with these ids stand."""
        return {spot for spot, row in self.world.rows[self.listing.name].items() if row.pk in ids}

    def get(self, url: str, **headers: str) -> str:
        """Return what an address answers, all of it."""
        response = self.client.get(url, headers=headers)
        assert response.status_code == 200, (url, response.status_code)
        return response.getvalue().decode() if "xlsx" not in url else response.getvalue()


def page(visitor: Visitor) -> set[str]:
    """Return what the page shows."""
    return visitor.found(visitor.get(f"{visitor.url}?tab=all"))


def fragment(visitor: Visitor) -> set[str]:
    """Return what the page's fragment shows."""
    return visitor.found(visitor.get(f"{visitor.url}?tab=all", **{"HX-Request": "true"}))


def csv(visitor: Visitor) -> set[str]:
    """Return what the CSV file holds."""
    return visitor.found(visitor.get(f"{visitor.url}?tab=all&format=csv"))


def xlsx(visitor: Visitor) -> set[str]:
    """Return what the workbook holds."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(visitor.get(f"{visitor.url}?tab=all&format=xlsx")))
    return visitor.found("\n".join(str(row) for row in book.get_sheet_by_index(0).to_python()))


def search(visitor: Visitor) -> set[str]:
    """Return what is found by searching for each row's enterprise by name; a page would repeat the name."""
    every = visitor.world.rows[visitor.listing.name].values()
    names = {(getattr(row, "enterprise", None) or row.site.enterprise).name for row in every}
    return {
        spot
        for name in names
        for spot in visitor.found(visitor.get(f"{visitor.url}?tab=all&format=csv&q={name}"))
    }


def geojson(visitor: Visitor) -> set[str]:
    """Return what the map is given; everything, when the list has no map."""
    features = json.loads(visitor.get(f"{visitor.url}?tab=all&format=geojson"))["features"]
    return visitor.by_id({feature["id"] for feature in features})


def api(visitor: Visitor) -> set[str]:
    """Return what the API lists."""
    rows = json.loads(visitor.get(f"/api/v1/{visitor.listing.name}/"))["results"]
    return visitor.by_id({row["id"] for row in rows})


def api_rows(visitor: Visitor) -> set[str]:
    """Return what the API gives when it is asked for one row after the other by its id."""
    return {
        spot
        for spot, row in visitor.world.rows[visitor.listing.name].items()
        if visitor.client.get(f"/api/v1/{visitor.listing.name}/{row.pk}/").status_code == 200
    }


def surfaces(listing: Listing) -> Iterator[Callable[[Visitor], set[str]]]:
    """Yield every way to reach the rows of a list."""
    yield from (page, fragment, csv, xlsx, api, api_rows)
    if "q" in listing.filterset.base_filters:
        yield search
    if listing.map is not None:
        yield geojson


ANONYMOUS = AnonymousUser()
