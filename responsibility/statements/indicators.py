"""Live figures by which statements are scored. Upper floors plug in theirs; nothing here changes for it.

An indicator answers for many bodies at once, in a number of queries that does not grow with them. It counts
results, never activity: no sign-ins, filings, photos or tracks, and nothing of a single person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.models import CoverageDay
from responsibility.coverage.past import gaps_on, sites_on
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.statements.choices import StatementLevel
from responsibility.statements.models import Statement
from responsibility.units.heirs import heirs
from safegrid.grid.models import Matter, SiteMatter, Unit
from safegrid.kernel import clock
from safegrid.kernel.addresses import address, addresses
from safegrid.kernel.sockets import Socket

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Span:
    """The local days that are looked at, both included, and the moment of looking."""

    first: dt.date
    last: dt.date
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The local day of looking."""
        return clock.local_date(self.now)

    @property
    def day(self) -> dt.date:
        """The last local day that can be looked at so far."""
        return min(self.last, self.today)


@dataclass(frozen=True)
class Figure:
    """What an indicator is for one body: how many count, how many of them are bad, where these stand.

    `value` is None where there is no figure at all.
    """

    value: Decimal | None
    counted: int = 0
    bad: int = 0
    url: str = ""


@dataclass(frozen=True)
class Indicator:
    """A figure that a statement can be scored by."""

    code: str
    label: Any
    unit: str  # "%"
    sentence: Any  # what it says and from where
    #: How a deduction is explained, with %(bad)s and %(counted)s.
    cause: Any
    #: For statements and a span of days: the figure of each by the statement's id. Who is left out has none.
    values: Callable[[Sequence[Statement], Span], Mapping[int, Figure]]
    is_higher_better: bool = True
    lowest: Decimal = Decimal()
    highest: Decimal = Decimal(100)
    levels: tuple[str, ...] = tuple(StatementLevel.values)


indicators: Socket[Indicator] = Socket("indicators of statements")


def find(code: str) -> Indicator | None:
    """Return the indicator `code`; None while nobody has plugged it in."""
    return dict(indicators.items()).get(code)


def share(good: int, counted: int) -> Decimal:
    """Return `good` of `counted` in percent, rounded down so that 100 is all; of nothing it is all."""
    if counted == 0:
        return Decimal(100)
    return (Decimal(100) * good / counted).quantize(HUNDREDTH, ROUND_DOWN)


Key = int | None
Counts = Mapping[Any, tuple[int, int]]


def sorted_by_level(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Return the statements of each level."""
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.level, []).append(statement)
    return found


#: By which column a level's rows are found, where they carry their place.
PLACES = {StatementLevel.DISTRICT.value: "district", StatementLevel.TOWNSHIP.value: "township"}


def place_of(statement: Statement) -> Key:
    """Return the id of the place that a government answers for; None for other bodies."""
    column = PLACES.get(statement.level)
    return getattr(statement, f"{column}_id") if column else None


# -- what fell due: done on time, and planned rounds done at all --------------------------------------------


def due_in(span: Span) -> Q:
    """Return the predicate of the obligations that fell due: those that count."""
    over = (Outcome.CANCELLED, Outcome.SUPERSEDED)
    return Q(due_on__range=(span.first, span.last), due_at__lte=span.now) & ~Q(outcome__in=over)


NOT_DONE = Q(closed_at=None) | Q(outcome=Outcome.LAPSED)
NOT_ON_TIME = NOT_DONE | Q(days_late__gt=0)

#: By the level of a statement: the column of an obligation by which it is the body's, and the body's own.
WHERE_DUE = {
    StatementLevel.DISTRICT.value: ("district", "district_id"),
    StatementLevel.TOWNSHIP.value: ("township", "township_id"),
    StatementLevel.MEMBER.value: ("debtor_post__unit", "promiser_id"),
    StatementLevel.ENTERPRISE.value: ("debtor_enterprise", "enterprise_id"),
}
#: A government answers for all that is late in its area, but for the plan of its own posts alone.
WHOSE_PLAN = WHERE_DUE | {
    StatementLevel.DISTRICT.value: ("debtor_post__unit__district", "district_id"),
    StatementLevel.TOWNSHIP.value: ("debtor_post__unit__district", "township_id"),
}


class Counted(NamedTuple):
    """Which obligations an indicator counts, which of these are bad, and whose they are."""

    which: Q
    bad: Q
    columns: Mapping[str, tuple[str, str]]


#: By the code of an indicator. What a rhythm opens is planned.
COUNTED = {
    "on_time": Counted(Q(), NOT_ON_TIME, WHERE_DUE),
    "plan_done": Counted(Q(duty__isnull=False), NOT_DONE, WHOSE_PLAN),
}


def _bodies(level: str, keys: Iterable[int]) -> dict[int, set[int]]:
    """Return by its key whose work counts for a body: of a unit that is no more, whoever took its place."""
    return heirs(keys) if level == StatementLevel.MEMBER else {key: {key} for key in keys}


def bad_of(statement: Statement, code: str, span: Span) -> Any:
    """Return the obligations that the indicator `code` takes points off for."""
    counted = COUNTED[code]
    column, own = counted.columns[statement.level]
    of_body = {f"{column}__in": _bodies(statement.level, [getattr(statement, own)])[getattr(statement, own)]}
    return Obligation.objects.filter(due_in(span), counted.which, counted.bad, **of_body)


def _of_due(code: str, statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    """Return the share of what fell due and counts that is not bad. At most two queries for each level."""
    counted = COUNTED[code]
    due = Obligation.objects.filter(due_in(span), counted.which).order_by()
    found = {}
    for level, rows in sorted_by_level(statements).items():
        column, own = counted.columns[level]
        bodies = _bodies(level, {getattr(row, own) for row in rows})
        sums = {
            key: (every, wrong)
            for key, every, wrong in due.filter(**{f"{column}__in": set().union(*bodies.values())})
            .values_list(column)
            .annotate(every=Count("pk"), bad=Count("pk", filter=counted.bad))
        }
        for row in rows:
            of_body = [sums.get(key, (0, 0)) for key in bodies[getattr(row, own)]]
            every, wrong = sum(n for n, _bad in of_body), sum(bad for _n, bad in of_body)
            url = addresses("responsibility:statement_causes", [row.pk])[0]
            asked = {"of": code, "from": span.first.isoformat(), "to": span.last.isoformat()}
            found[row.pk] = Figure(share(every - wrong, every), every, wrong, f"{url}?{urlencode(asked)}")
    return found


indicators.plug(
    "on_time",
    Indicator(
        "on_time",
        _("Closed on time"),
        "%",
        _("Share of what fell due in the quarter that was done by its day."),
        _("%(bad)s of %(counted)s due were not done by their day."),
        partial(_of_due, "on_time"),
    ),
    order=10,
)

indicators.plug(
    "plan_done",
    Indicator(
        "plan_done",
        _("Planned rounds done"),
        "%",
        _("Share of the rounds planned for the quarter (checks, meetings, self-inspections) that were done."),
        _("%(bad)s of %(counted)s planned rounds were not done."),
        partial(_of_due, "plan_done"),
    ),
    order=15,
)


# -- coverage --------------------------------------------------------------------------------------------


def _coverage(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    """Return how many sites are answered for on every required line. At most seven queries.

    By what was open at the quarter's end, or is now: of governments in their area, of a member unit for what
    it governs. An enterprise has none; nor has a district or a unit before the audit has looked.
    """
    by_level = sorted_by_level(statements)
    of_units = by_level.get(StatementLevel.MEMBER, [])
    of_districts = by_level.get(StatementLevel.DISTRICT, [])
    if of_units or of_districts:
        looked = CoverageDay.objects.filter(day__range=(span.first, span.last)).values_list("matter")
        if not looked.filter(matter=None).exists():
            of_districts = []
        if not looked.filter(matter__isnull=False).exists():
            of_units = []
    found = _covered_places(of_districts, "district", span)
    found |= _covered_places(by_level.get(StatementLevel.TOWNSHIP, []), "township", span)
    return found | _covered_matters(of_units, span)


def _covered(row: Statement, every: int, bad: int, span: Span) -> Figure:
    """Return the figure of `bad` sites out of `every`, with the list of exactly these."""
    asked = {"tab": "all", "gap_of": str(row.pk), "gap_on": span.last.isoformat()}
    url = f"{address('grid:enterprises')}?{urlencode(asked)}"
    return Figure(share(max(every - bad, 0), every), every, bad, url)


def uncovered(statement: Statement, day: dt.date, *, now: dt.datetime) -> Any:
    """Return the sites that `statement` loses points for: with a gap at the end of the local `day`."""
    sites, level = sites_on(day, now=now), statement.level
    if level == StatementLevel.MEMBER:
        governed = _governed([statement.promiser_id or 0])[statement.promiser_id or 0]
        return sites.filter(pk__in=gaps_on(day, now=now, matters=governed).values("site"))
    if level not in PLACES:
        return sites.none()
    here = {f"{PLACES[level]}_then": place_of(statement)}
    return sites.filter(pk__in=gaps_on(day, now=now).values("site"), **here)


def _covered_places(statements: Sequence[Statement], level: str, span: Span) -> dict[int, Figure]:
    """Return the figures of the governments of one level. One query."""
    if not statements:
        return {}
    column = f"{level}_then"
    with_gap = Q(pk__in=gaps_on(span.last, now=span.now).values("site"))
    counts = {
        place: (every, bad)
        for place, every, bad in sites_on(span.last, now=span.now)
        .filter(**{f"{column}__in": {place_of(row) for row in statements}})
        .order_by()
        .values_list(column)
        .annotate(every=Count("pk"), bad=Count("pk", filter=with_gap))
    }
    return {row.pk: _covered(row, *counts.get(place_of(row), (0, 0)), span) for row in statements}


def _governed(units: Iterable[int]) -> dict[int, list[int]]:
    """Return the ids of the matters that each unit governs, with all below them. Two queries."""
    governed: dict[int, list[str]] = {pk: [] for pk in units}
    paths = dict(Matter.objects.values_list("pk", "path"))
    for unit, matter in Unit.governs.through.objects.filter(unit__in=governed).values_list("unit", "matter"):
        governed[unit].append(paths[matter])
    return {
        unit: [pk for pk, path in paths.items() if path.startswith(tuple(tops))]
        for unit, tops in governed.items()
    }


def _covered_matters(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    """Return the figures of member units that govern anything. Four queries."""
    governed = _governed({row.promiser_id or 0 for row in statements}) if statements else {}
    governed = {unit: matters for unit, matters in governed.items() if matters}
    if not governed:
        return {}
    sites = sites_on(span.last, now=span.now).values("pk")
    sums = {
        f"of_{unit}": Count("site", distinct=True, filter=Q(matter__in=matters))
        for unit, matters in governed.items()
    }
    every = SiteMatter.objects.filter(span__contains=span.day, site__in=sites).aggregate(**sums)
    bad = gaps_on(span.last, now=span.now).filter(site__in=sites).aggregate(**sums)
    return {
        row.pk: _covered(row, every[f"of_{row.promiser_id}"], bad[f"of_{row.promiser_id}"], span)
        for row in statements
        if row.promiser_id in governed
    }


indicators.plug(
    "coverage",
    Indicator(
        "coverage",
        _("Answered for"),
        "%",
        _("Share of sites that are answered for on every required line at the end of the quarter."),
        _("%(bad)s of %(counted)s sites were not answered for on every line."),
        _coverage,
        levels=(
            StatementLevel.DISTRICT.value,
            StatementLevel.MEMBER.value,
            StatementLevel.TOWNSHIP.value,
        ),
    ),
    order=20,
)
