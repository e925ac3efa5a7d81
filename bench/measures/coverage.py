"""The coverage audit of a city: everything by night, and what a single change has touched."""

import datetime as dt
import itertools
from collections.abc import Iterable

from django.db import connection, transaction

from bench.copies import copied, vacuum
from bench.goals import Bench, Result, measures
from bench.rounds import alternate
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.coverage.answering import STEPS
from responsibility.coverage.audit import audit, audit_touched
from responsibility.coverage.models import Finding, FindingSite, Touch
from responsibility.coverage.rules import COLUMNS, rules
from responsibility.obligations.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Holding, Post, PostScope
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Matter
from safegrid.kernel import clock

VACANT = 20  # grid officers who have left
FORGOTTEN = 50  # cells without an assignment for one matter
TWICE = 50  # cells in which a second body supervises one matter
TABLES = [model._meta.db_table for model in (Finding, FindingSite, Touch, Obligation, Assignment)]

SLOT = ", ".join(f"{name} {'text' if name in ('key', 'line', 'tier') else 'bigint'}" for name in COLUMNS)

#: Six lines and tiers that must be answered for, and on which levels of the tree that is laid down.
REQUIRED = [
    (Line.TERRITORIAL, Tier.LEAD, Level.TOWNSHIP),
    (Line.TERRITORIAL, Tier.DIRECT, Level.CELL),
    (Line.TERRITORIAL, Tier.DIRECT, Level.COMMUNITY),  # where no cells are drawn
    (Line.INDUSTRY, Tier.LEAD, Level.CITY),
    (Line.INDUSTRY, Tier.SUPERVISOR, Level.DISTRICT),
    (Line.COMPREHENSIVE, Tier.LEAD, Level.DISTRICT),
    (Line.COMPREHENSIVE, Tier.SUPERVISOR, Level.CITY),
]


class Grid:
    """The made city with every duty assigned, but for some gaps and overlaps."""

    def __init__(self) -> None:
        self.now = clock.now()
        since = clock.local_date(self.now) - dt.timedelta(days=1000)
        places = list(District.objects.filter(closed_on=None).defer("boundary").order_by("path"))
        matters = list(Matter.objects.filter(depth=1).order_by("path"))
        cells = {s.district_id: s.post for s in _scopes(PostKind.GRID_OFFICER)}
        heads = {s.district_id: s.post for s in _scopes(PostKind.HEAD)}
        others = itertools.cycle(Post.objects.filter(kind=PostKind.OFFICER).order_by("pk")[:20])
        rows = [
            Assignment(
                post=(cells if tier == Tier.DIRECT else heads).get(place.pk) or next(others),
                line=line,
                tier=tier,
                matter=matter,
                district=place,
                span=(since, None),
                basis="bench",
            )
            for line, tier, level in REQUIRED
            for place in places
            if place.level == level
            for matter in matters
        ]
        direct = [row for row in rows if row.tier == Tier.DIRECT]
        forgotten = {id(row) for row in direct[:: len(direct) // FORGOTTEN]}
        forgotten |= {id(row) for row in rows if row.line == Line.INDUSTRY and row.matter == matters[-1]}
        second = [
            Assignment(
                post=next(others), line=Line.COMPREHENSIVE, tier=Tier.SUPERVISOR, matter=matters[0],
                district=place, span=(since, None), basis="bench",
            )
            for place in [place for place in places if place.level == Level.CELL][:TWICE]
            for _ in range(2)
        ]  # fmt: skip
        with transaction.atomic():
            CoveragePolicy.objects.exclude(line=Line.ENTERPRISE).delete()
            CoveragePolicy.objects.bulk_create(
                CoveragePolicy(line=line, tier=tier, source="bench")
                for line, tier in {(line, tier) for line, tier, _level in REQUIRED}
            )
            Assignment.objects.bulk_create(
                [row for row in rows if id(row) not in forgotten] + second, batch_size=5000
            )
            Holding.objects.filter(post__in=[p.pk for p in list(cells.values())[:VACANT]]).delete()
        self.given = Assignment.objects.filter(tier=Tier.LEAD, line=Line.TERRITORIAL).order_by("pk")[0]
        audit(now=self.now)
        self.found = Finding.objects.count()

    def afresh(self) -> None:
        """Let nothing have been found yet."""
        Obligation.objects.filter(kind="coverage").delete()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE responsibility_finding CASCADE")
            cursor.execute("DROP TABLE IF EXISTS bench_slot")
            cursor.execute(f"CREATE TABLE bench_slot ({SLOT})")
        vacuum(*TABLES)

    def quietly(self) -> None:
        """Let everything be found and written down already."""
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_slot")
            cursor.execute(f"CREATE TABLE bench_slot ({SLOT})")
        vacuum(*TABLES)

    def look(self) -> None:
        """Audit everything."""
        audit(now=self.now)
        if Finding.objects.open().count() != self.found:
            raise LookupError(f"{Finding.objects.open().count()} findings, {self.found} are planted")

    def bare(self) -> None:
        """Find the same by the bare statements, and write it into a bare table."""
        day = {"day": clock.local_date(self.now)}
        with transaction.atomic(), connection.cursor() as cursor:
            for table, sql in STEPS:
                cursor.execute(sql.format(region=""), day)
                cursor.execute(f"ANALYZE {table}")
            for rule in rules:
                cursor.execute(f"INSERT INTO bench_slot {rule.sql.format(region='')}", day)

    def change(self) -> None:
        """Take a township's head one matter away, or give it back."""
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

    def look_all(self) -> None:
        """Audit everything after such a change."""
        audit(now=self.now)


def _scopes(kind: PostKind) -> Iterable[PostScope]:
    return PostScope.objects.filter(post__kind=kind, district__isnull=False).select_related("post")


@measures("audit")
def whole(bench: Bench) -> list[Result]:
    """Everything: on a night on which nothing is new, and on the very first."""
    with copied():
        grid = Grid()
        return [
            alternate("nothing new", grid.look, grid.bare, bench.rounds, before=grid.quietly),
            alternate(
                f"{grid.found:,} findings, all new", grid.look, grid.bare, bench.rounds, before=grid.afresh
            ),
        ]


@measures("audit_touched")
def touched(bench: Bench) -> list[Result]:
    """One assignment of a township and a matter, taken away or given back."""
    with copied():
        grid = Grid()
        return [alternate("one assignment", grid.look_again, grid.look_all, bench.rounds, before=grid.change)]
