"""The coverage audit of a city: everything by night, and what a single change has touched."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models, transaction

from bench.copies import copied, vacuum
from bench.data import bulk, cells
from bench.data.size import Size
from bench.goals import Bench, Result, measures
from bench.rounds import alternate
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.coverage.answering import STEPS
from responsibility.coverage.audit import VACANT_ANSWERS, audit, audit_touched
from responsibility.coverage.models import Finding, FindingSite, Touch
from responsibility.coverage.rules import COLUMNS, rules
from responsibility.obligations.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, PostScope
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Matter, SiteMatter
from safegrid.kernel import clock

MATTERS = 40
VACANT = 20  # grid officers who have left
FORGOTTEN = 50  # cells without an assignment for one matter
TWICE = 50  # cells in which two other bodies supervise one matter
TABLES = [model._meta.db_table for model in (Finding, FindingSite, Touch, Obligation, Assignment)]

SLOT = ", ".join(f"{name} {'text' if name in ('key', 'line', 'tier') else 'bigint'}" for name in COLUMNS)

#: Six lines and tiers that must be answered for, and on which level of the tree that is laid down.
REQUIRED = [
    (Line.TERRITORIAL, Tier.LEAD, Level.TOWNSHIP),
    (Line.TERRITORIAL, Tier.DIRECT, Level.CELL),
    (Line.INDUSTRY, Tier.LEAD, Level.CITY),
    (Line.INDUSTRY, Tier.SUPERVISOR, Level.DISTRICT),
    (Line.COMPREHENSIVE, Tier.LEAD, Level.DISTRICT),
    (Line.COMPREHENSIVE, Tier.SUPERVISOR, Level.CITY),
]

#: A duty over a place: line, tier, matter, district.
Place = tuple[str, str, int, int]

#: Where what is planted shows: in the lowest place of every site below, for each of its matters.
SHOWS = """
    SELECT DISTINCT concat_ws(':', planted.line, planted.tier,
        coalesce(site.cell_id, site.community_id, site.township_id, site.district_id), dated.matter_id)
    FROM unnest(%(lines)s, %(tiers)s, %(matters)s::bigint[], %(places)s::bigint[])
    AS planted (line, tier, matter_id, place_id)
    JOIN grid_matter AS top ON top.id = planted.matter_id
    JOIN grid_matter AS matter ON starts_with(matter.path, top.path)
    JOIN grid_sitematter AS dated ON dated.matter_id = matter.id AND dated.span @> %(day)s::date
    JOIN grid_site AS site ON site.id = dated.site_id
    AND planted.place_id IN (site.district_id, site.township_id, site.community_id, site.cell_id)
"""
INHABITED = "SELECT DISTINCT cell_id FROM grid_site JOIN grid_sitematter ON site_id = grid_site.id"
UNPLACED = "SELECT '0' WHERE EXISTS (SELECT FROM grid_site WHERE district_id IS NULL)"


class Grid:
    """The made city with cells everywhere and every duty assigned, but for some gaps and overlaps."""

    def __init__(self, scale: float) -> None:
        self.now = clock.now()
        self.today = clock.local_date(self.now)
        self.looked = False
        cells.draw(Size(scale, self.now))
        self.places = list(District.objects.filter(closed_on=None).defer("boundary").order_by("path"))
        self.cells = [place.pk for place in self.places if place.level == Level.CELL]
        self.matters = list(Matter.objects.order_by("depth", "path")[:MATTERS])
        self.officers = {s.district_id: s.post for s in _scopes(PostKind.GRID_OFFICER)}
        heads = {s.district_id: s.post for s in _scopes(PostKind.HEAD)}
        strangers = _of_two_bodies()
        everyday, dangerous = self._common()[:2]
        district = next(place.pk for place in self.places if place.level == Level.DISTRICT)
        # Three in a row of the cells, so that no two of what is planted meet in one of them.
        inhabited = self._ask(INHABITED)
        row = [cell for cell in self.cells if cell in inhabited]
        self.gaps = {(Line.TERRITORIAL, Tier.DIRECT, everyday, cell) for cell in row[::3][:FORGOTTEN]}
        self.gaps.add((Line.INDUSTRY, Tier.SUPERVISOR, dangerous, district))
        self.vacant = row[1::3][:VACANT]
        self.twice = {(Line.COMPREHENSIVE, Tier.SUPERVISOR, everyday, cell) for cell in row[2::3][:TWICE]}
        duties = [
            (duty, (self.officers if duty[1] == Tier.DIRECT else heads).get(duty[3]) or strangers[0])
            for duty in self._required()
            if duty not in self.gaps
        ]
        duties += [(duty, post) for duty in sorted(self.twice) for post in strangers]
        with transaction.atomic():
            CoveragePolicy.objects.exclude(line=Line.ENTERPRISE).delete()
            CoveragePolicy.objects.bulk_create(
                CoveragePolicy(line=line, tier=tier, source="bench") for line, tier, _level in REQUIRED
            )
            Holding.objects.filter(post__in=[self.officers[cell].pk for cell in self.vacant]).delete()
        self._assign(duties)
        bulk.count_on()
        self.given = Assignment.objects.filter(tier=Tier.LEAD, line=Line.TERRITORIAL).order_by("pk")[0]
        self.planted = self._planted(self.gaps)
        given = (Line.TERRITORIAL, Tier.LEAD, self.given.matter_id, self.given.district_id or 0)
        self.planted_without = self._planted({*self.gaps, given})
        self.look()

    def _common(self) -> list[int]:
        """Return the matters that most sites have, of those above and below which no other is assigned."""
        above = {matter.path[: -Matter.steplen] for matter in self.matters}
        sites = Counter(dict(SiteMatter.objects.values_list("matter").annotate(n=models.Count("pk"))))
        alone = [m.pk for m in self.matters if m.depth == 1 and m.path not in above]
        return sorted(alone, key=lambda matter: (-sites[matter], matter))

    def _required(self) -> Iterator[Place]:
        for line, tier, level in REQUIRED:
            for place in self.places:
                if place.level == level:
                    for matter in self.matters:
                        yield line, tier, matter.pk, place.pk

    def _assign(self, duties: Iterable[tuple[Place, Post]]) -> None:
        since = self.today - dt.timedelta(days=1000)
        table = Assignment._meta.db_table
        bulk.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        columns = ("line", "tier", "matter_id", "district_id", "post_id", "span", "basis", "document")
        bulk.copy_text(
            Assignment,
            columns,
            ["\t".join([*map(str, duty), str(post.pk), f"[{since},)", "bench", ""]) for duty, post in duties],
        )
        bulk.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def _planted(self, gaps: Iterable[Place]) -> set[tuple[str, str]]:
        """Return rule and key of every finding that there must be, and there must be no other."""
        inhabited = self._ask(INHABITED)
        found = {
            "nobody": self._shows(gaps),
            "overlap": self._shows(self.twice),
            "vacant": {str(self.officers[cell].pk) for cell in self.vacant if cell in inhabited},
            "no_officer": {str(cell) for cell in self.vacant},
            "unplaced": self._ask(UNPLACED),
        }
        return {(rule, key) for rule, keys in found.items() for key in keys}

    def _shows(self, places: Iterable[Place]) -> set[str]:
        lines, tiers, matters, districts = map(list, zip(*sorted(places), strict=True))
        return self._ask(SHOWS, lines=lines, tiers=tiers, matters=matters, places=districts, day=self.today)

    @staticmethod
    def _ask(sql: str, **values: Any) -> set[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return {value for (value,) in cursor.fetchall()}

    def check(self) -> None:
        """Raise LookupError unless the last look has found exactly what is planted."""
        if not self.looked:
            return
        self.looked = False
        is_whole = Assignment.objects.filter(pk=self.given.pk).exists()
        planted = self.planted if is_whole else self.planted_without
        found = set(Finding.objects.open().values_list("rule", "key"))
        if found != planted:
            missed, false = sorted(planted - found), sorted(found - planted)
            raise LookupError(
                f"{len(missed)} of {len(planted)} not found: {missed[:5]}; {len(false)} false: {false[:5]}"
            )

    def afresh(self) -> None:
        """Let nothing have been found yet."""
        self.check()
        Obligation.objects.filter(kind="coverage").delete()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE responsibility_finding CASCADE")
        self._ready()

    def quietly(self) -> None:
        """Let everything be found and written down already."""
        self.check()
        self._ready()

    @staticmethod
    def _ready() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_slot")
            cursor.execute(f"CREATE TABLE bench_slot ({SLOT})")
        vacuum(*TABLES)

    def look(self) -> None:
        """Audit everything."""
        audit(now=self.now)
        self.looked = True

    def bare(self) -> None:
        """Find the same by the bare statements, and write it into a bare table."""
        day = {"day": self.today, "today": self.today}
        with transaction.atomic(), connection.cursor() as cursor:
            for table, sql in STEPS:
                cursor.execute(sql.format(region=""), day)
                cursor.execute(f"ANALYZE {table}")
            cursor.execute(VACANT_ANSWERS)
            for rule in rules:
                cursor.execute(f"INSERT INTO bench_slot {rule.sql.format(region='')}", day)

    def change(self) -> None:
        """Take a township's head one matter away, or give it back."""
        self.check()
        Touch.objects.all().delete()
        row = self.given
        if Assignment.objects.filter(pk=row.pk).exists():
            Assignment.objects.filter(pk=row.pk).delete()
        else:
            row.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(TABLES)}")

    def look_again(self) -> None:
        """Audit what the change has touched."""
        if audit_touched(now=self.now) is None:
            raise LookupError("the change was not seen")
        self.looked = True


def _scopes(kind: PostKind) -> Iterable[PostScope]:
    return PostScope.objects.filter(post__kind=kind, district__isnull=False).select_related("post")


def _of_two_bodies() -> list[Post]:
    """Return an officer of each of two bodies."""
    posts = Post.objects.filter(kind=PostKind.OFFICER, unit__isnull=False).order_by("unit", "pk")
    return [next(same) for _unit, same in itertools.islice(itertools.groupby(posts, lambda p: p.unit_id), 2)]


@measures("audit")
def whole(bench: Bench) -> list[Result]:
    """Everything: on a night on which nothing is new, and on the very first."""
    with copied():
        grid = Grid(bench.scale)
        new = f"{len(grid.planted):,} findings, all new"
        results = [
            alternate("nothing new", grid.look, grid.bare, bench.rounds, before=grid.quietly),
            alternate(new, grid.look, grid.bare, bench.rounds, before=grid.afresh),
        ]
        grid.check()
        return results


@measures("audit_touched")
def touched(bench: Bench) -> list[Result]:
    """One assignment of a township and a matter, taken away or given back."""
    with copied():
        grid = Grid(bench.scale)
        result = alternate("one assignment", grid.look_again, grid.look, bench.rounds, before=grid.change)
        grid.check()
        return [result]
