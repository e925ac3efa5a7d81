"""What the page of coverage shows: the share that is answered for, findings, the matrix, the trend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, Sum

from responsibility.coverage.models import CoverageDay, Finding
from responsibility.coverage.rules import Rule, rules
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Matter
from safegrid.kernel.scope import Reach, reach_of

MONTHS = 12  # of the trend


@dataclass(frozen=True)
class Share:
    """How many sites are answered for on all required lines."""

    sites: int = 0
    answered: int = 0
    repeated: int = 0

    @property
    def percent(self) -> float | None:
        """In percent, rounded down to a tenth: 100 only where nothing is left. None without a site."""
        return self.answered * 1000 // self.sites / 10 if self.sites else None

    @property
    def unanswered(self) -> int:
        """How many are not."""
        return self.sites - self.answered


@dataclass(frozen=True)
class Month:
    """How covered a month was, on the last of its days that is known."""

    day: dt.date
    percent: float  # of the sites, rounded down to a tenth
    repeated: int  # sites with an overlap


@dataclass(frozen=True)
class Line:
    """A row of the matrix: a district, its share, and that of each matter."""

    district: District | None  # None of the sites that stand in none yet
    whole: Share | None  # None for whoever reads some matters only
    of_matters: list[tuple[Matter, Share | None]]


@dataclass(frozen=True)
class Coverage:
    """The page's figures, all but the matrix of what was chosen: a district, a matter, both, or neither."""

    looked_on: dt.date | None
    district: District | None
    matter: Matter | None
    whole: Share
    counts: list[tuple[Rule, int]]  # findings that are to be resolved
    matters: list[Matter]  # those that are not answered for everywhere, or twice
    others: int  # how many more there are
    matrix: list[Line]
    trend: list[Month]


def coverage(user: Any, *, today: dt.date, district: str = "", matter: str = "") -> Coverage | None:
    """Return how covered the districts are that `user` reads as a whole. A bounded number of queries.

    `district` and `matter` are codes, of what is looked at alone; None when a code is of no figure.
    """
    reach = reach_of(user)
    rows = CoverageDay.objects.filter(_readable(reach))
    looked_on = rows.aggregate(last=Max("day"))["last"]
    latest = list(rows.filter(day=looked_on)) if looked_on else []
    is_whole = any(row.matter_id is None for row in latest)
    by_cell = {
        (row.district_id, row.matter_id): Share(row.sites, row.answered, row.repeated) for row in latest
    }
    every = list(Matter.objects.filter(pk__in={row.matter_id for row in latest}).order_by("path"))
    top = min((matter.depth for matter in every), default=0)
    tops = [matter for matter in every if matter.depth == top]
    # What lies below a matter is in its figures already.
    summed = {None} if is_whole else {matter.pk for matter in tops}
    troubled = {pk for (_district, pk), share in by_cell.items() if share.unanswered or share.repeated}
    matters = [matter for matter in tops if matter.pk in troubled]
    districts = list(
        District.objects.filter(pk__in={row.district_id for row in latest}).defer("boundary").order_by("path")
    )
    matrix = [
        Line(d, by_cell.get((d.pk, None)), [(m, by_cell.get((d.pk, m.pk))) for m in matters])
        for d in districts
    ]
    if any(row.district_id is None for row in latest):
        matrix.append(
            Line(None, by_cell.get((None, None)), [(m, by_cell.get((None, m.pk))) for m in matters])
        )
    here = next((each for each in districts if each.code == district), None)
    this = next((each for each in every if each.code == matter), None)
    if (district and here is None) or (matter and this is None):
        return None
    summed = {this.pk} if this is not None else summed
    places = {here.pk} if here is not None else {row.district_id for row in latest}
    in_places = Q(district=here) if here is not None else Q()
    of_matters = Q(matter=None) if None in summed else Q(matter__in=summed)
    return Coverage(
        looked_on=looked_on,
        district=here,
        matter=this,
        whole=_together(share for (place, pk), share in by_cell.items() if pk in summed and place in places),
        counts=_counts(user, here, this),
        matters=matters,
        others=len(tops) - len(matters),
        matrix=matrix,
        trend=_trend(rows.filter(of_matters, in_places), today=today),
    )


def _readable(reach: Reach) -> Q:
    """Return which figures a reach reads: of districts that one of its scopes holds as a whole."""
    wanted = Q(pk__in=[])
    for branch in reach.branches:
        if branch.city or branch.level == Level.DISTRICT:
            here = Q() if branch.city else Q(district=branch.place_id)
            wanted |= here & Q(matter__in=branch.matter_ids) if branch.matter_id else here or ~Q(pk__in=[])
    return wanted


def _together(shares: Iterable[Share]) -> Share:
    rows = list(shares)
    return Share(sum(r.sites for r in rows), sum(r.answered for r in rows), sum(r.repeated for r in rows))


def _counts(user: Any, district: District | None, matter: Matter | None) -> list[tuple[Rule, int]]:
    """Return how many findings of each rule are to be resolved, in their order. At most two queries."""
    rows = Finding.objects.visible_to(user).open()
    if district is not None:
        rows = rows.standing_in(Level.DISTRICT, district.pk)
    if matter is not None:
        inside = Matter.objects.filter(path__startswith=matter.path)
        rows = rows.about(list(inside.values_list("pk", flat=True)))
    found = dict(rows.order_by().values_list("rule").annotate(n=Count("pk")))
    return [(rule, found[rule.code]) for rule in rules if found.get(rule.code)]


def _trend(rows: Any, *, today: dt.date) -> list[Month]:
    """Return how covered the last months were. One query."""
    first = dt.date(today.year - 1, today.month, 1)
    sums = (
        rows.filter(day__gte=first)
        .order_by("day")
        .values_list("day")
        .annotate(s=Sum("sites"), a=Sum("answered"), r=Sum("repeated"))
    )
    months = {
        (day.year, day.month): Month(day, answered * 1000 // sites / 10, repeated)
        for day, sites, answered, repeated in sums
        if sites
    }
    return list(months.values())[-MONTHS:]
