"""Hazards with their obligations and the involvement of who found and ordered them.

In order of time, more of them each year; 70 % closed, of the recent ones fewer; a few sites have most. The
title, the matter and the officer of each are chosen as unevenly. The database makes the rows, from tables of
what there is to choose from (`hazards.sql`): a million rows that Python writes take more than twice as long.
"""

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

from django.contrib.contenttypes.models import ContentType

from bench.data import bodies
from bench.data.bulk import array, by_all, copy_lines, execute
from bench.data.size import YEARS, Size
from hazards.choices import Category
from hazards.models import Hazard
from responsibility.policies import RUNGS
from safegrid.accounts.models import Post
from safegrid.grid.models import Site
from safegrid.kernel.bigrams import bigrams, joined
from safegrid.kernel.scope import LEVELS
from safegrid.local.portal import ROOT

RARE = "鲲鹏"  # two characters that stand in a handful of hazards and nowhere else
RARE_EVERY = 5  # parts of the city: one in each
GROWTH = 0.8  # below 1: more hazards each year than in the year before
SKEW = 1.6  # above 1: the first sites have more than the last ones
PLACES = [f"{level}_id" for level in LEVELS]
OWNER = "enterprise__name"
WORKING_SECONDS = 9 * 60 * 60
SPOTS = [
    "一层东侧",
    "一层西侧",
    "二层走廊",
    "三层会议室",
    "后厨",
    "前厅",
    "大堂",
    "配电室",
    "1号库房",
    "2号库房",
    "3号库房",
    "原料库",
    "成品库",
    "锅炉房",
    "水泵房",
    "电梯机房",
    "地下车库",
    "员工宿舍",
    "食堂",
    "办公区",
    "生产车间",
    "装配线",
    "危废间",
    "气瓶间",
    "施工现场",
    "塔吊下方",
    "疏散楼梯",
    "楼顶",
    "大门口",
    "消控室",
]

#: What there is to choose from, and what was decided; dropped when the rows are there.
PREPARE = """
CREATE SCHEMA bench;
CREATE UNLOGGED TABLE bench.site (
    rank int, site bigint, enterprise bigint, post bigint, industry bigint, district bigint, township bigint,
    community bigint, cell bigint, matters bigint[], words text, pairs varchar(2)[]
);
CREATE UNLOGGED TABLE bench.title (
    id int, title text, spot text, item text, measures text, words text, pairs varchar(2)[]
);
CREATE UNLOGGED TABLE bench.year (year int, first int);
CREATE UNLOGGED TABLE bench.hazard (
    n int, id bigint, rank int, title int, is_own bool, is_major bool, state text, found date, rectified date,
    closed date, due date, matter bigint, post bigint, holder bigint, unit bigint, is_ordered bool,
    found_at timestamptz, ordered_at timestamptz, is_shared bool
);

-- A number from 0 up to below 1, the same for the same `n` and `question`.
CREATE FUNCTION bench.chance(n bigint, question int) RETURNS float8 LANGUAGE sql IMMUTABLE
PARALLEL SAFE RETURN (hashint8extended(n, question) & 9007199254740991) / 9007199254740992.0::float8;
-- One of 1 to `of`: the first ones often, the last ones rarely.
CREATE FUNCTION bench.rare_rank("of" int, chance float8) RETURNS int LANGUAGE sql IMMUTABLE
PARALLEL SAFE RETURN least("of", floor(power("of" + 1, chance))::int);
-- An instant of working hours, `second` after eight in the morning in Xining.
CREATE FUNCTION bench.at(day date, second int) RETURNS timestamptz LANGUAGE sql IMMUTABLE
PARALLEL SAFE RETURN (day + second * interval '1 s') AT TIME ZONE 'UTC';
-- The instant at which a local day is over: midnight in Xining.
CREATE FUNCTION bench.ends(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE
PARALLEL SAFE RETURN (day + interval '16 h') AT TIME ZONE 'UTC';
"""
KEYS = """
CREATE UNIQUE INDEX ON bench.site (rank);
CREATE UNIQUE INDEX ON bench.title (id);
ANALYZE bench.site, bench.title, bench.posts, bench.officer;
"""
DECIDED = "CREATE UNIQUE INDEX ON bench.hazard (n); ANALYZE bench.hazard"
PART = 50_000  # hazards made by one statement of each kind
STATEMENTS = (ROOT / "bench/data/hazards.sql").read_text(encoding="utf-8").split(";\n")[:-1]


class Hazards:
    """Makes hazards part by part; what all parts need is made once, before the processes part."""

    def __init__(self, size: Size) -> None:
        self.size = size
        sites = Site.objects.exclude(district=None).count()
        with (ROOT / "analysis/demo/findings.csv").open(encoding="utf-8", newline="") as stream:
            self.findings = [(r["item"], r["found"], r["measures"]) for r in csv.DictReader(stream)]
        self.values: dict[str, Any] = {
            "hazards": size.hazards,
            "sites": sites,
            "findings": len(self.findings),
            "spots": len(SPOTS),
            "rare": max(1, size.hazards // RARE_EVERY),
            "skew": SKEW,
            "growth": GROWTH,
            "since": size.first_day,
            "days": 365 * YEARS - 2,
            "today": size.today,
            "working": WORKING_SECONDS,
            "categories": [str(category) for category in Category],
            "rungs": [days for _number, days, *_ in RUNGS],
            "type": ContentType.objects.get_for_model(Hazard).pk,
        }

    def make(self, tell: Callable[[int, int], None]) -> None:
        """Make all of them; `tell(done, of)` hears of each part."""
        execute(PREPARE)
        bodies.write()
        copy_lines("bench.title", self._titles())
        copy_lines("bench.year", self._years())
        copy_lines("bench.site", _sites())
        execute(KEYS)
        parts = -(-self.size.hazards // PART)
        decide, *rows = STATEMENTS
        by_all(partial(self._part, [decide]), parts, lambda *_: None)
        execute(DECIDED)
        by_all(partial(self._part, rows), parts, tell)
        execute("DROP SCHEMA bench CASCADE")

    def _part(self, statements: list[str], part: int) -> None:
        last = min((part + 1) * PART, self.size.hazards)
        for statement in statements:
            execute(statement, self.values | {"first": part * PART, "last": last})

    def _titles(self) -> Iterator[str]:
        """Return every finding at every spot, and each once more with the rare word."""
        combined = product(("", RARE), SPOTS, self.findings)
        for number, (rare, spot, (item, found, measures)) in enumerate(combined):
            title = f"{spot}{rare}{found}"
            yield f"{number}\t{title}\t{spot}\t{item}\t{measures}\t{_searched(title)}"

    def _years(self) -> Iterator[str]:
        """Return each year with the number of its first hazard."""
        year = 0
        for day in range(self.values["days"] + 1):
            found = self.size.first_day + dt.timedelta(days=day)
            if found.year > year:
                year = found.year
                # The first number whose day is this one; the statement finds the day of a number.
                yield f"{year}\t{math.ceil(self.size.hazards * (day / self.values['days']) ** (1 / GROWTH))}"


def _sites() -> Iterator[str]:
    """Return the sites at which hazards are found, each with what a hazard has of it."""
    officers = dict(Post.objects.exclude(enterprise=None).values_list("enterprise_id", "pk"))
    placed = Site.objects.exclude(district=None).order_by("pk")
    rows = placed.values_list("pk", "enterprise_id", "industry_id", *PLACES, "matter_ids", OWNER, "name")
    for rank, (pk, enterprise, industry, *place, matters, owner, name) in enumerate(rows.iterator(10_000)):
        ids = (rank, pk, enterprise, officers.get(enterprise), industry, *place)
        columns = "\t".join("\\N" if each is None else str(each) for each in ids)
        yield f"{columns}\t{{{','.join(map(str, matters))}}}\t{_searched(owner, name)}"


def _searched(*texts: str) -> str:
    """Return the columns `words` and `pairs`, by which texts are found."""
    words = joined(*texts).replace("\n", "\\n")
    return f"{words}\t{array(bigrams(*texts))}"
