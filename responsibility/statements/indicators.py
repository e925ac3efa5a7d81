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

from responsibility.coverage.models import CoverageDay, FindingSite
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.statements.choices import StatementLevel
from responsibility.statements.models import Statement
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Matter, Site, Unit
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


def bad_of(statement: Statement, code: str, span: Span) -> Any:
    """Return the obligations that the indicator `code` takes points off for."""
    counted = COUNTED[code]
    column, own = counted.columns[statement.level]
    of_body = {column: getattr(statement, own)}
    return Obligation.objects.filter(due_in(span), counted.which, counted.bad, **of_body)


def _of_due(code: str, statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    """Return the share of what fell due and counts that is not bad. A query for each level."""
    counted = COUNTED[code]
    due = Obligation.objects.filter(due_in(span), counted.which).order_by()
    found = {}
    for level, rows in sorted_by_level(statements).items():
        column, own = counted.columns[level]
        sums = {
            key: (every, wrong)
            for key, every, wrong in due.filter(**{f"{column}__in": {getattr(row, own) for row in rows}})
            .values_list(column)
            .annotate(every=Count("pk"), bad=Count("pk", filter=counted.bad))
        }
        for row in rows:
            every, wrong = sums.get(getattr(row, own), (0, 0))
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
    """Return how many sites are answered for on every required line. At most six queries.

    By the last figures of the quarter for districts and for what a unit governs; for a township by the gaps
    that were open at its end. An enterprise has none.
    """
    by_level = sorted_by_level(statements)
    found = _covered_districts(by_level.get(StatementLevel.DISTRICT, []), span)
    found |= _covered_matters(by_level.get(StatementLevel.MEMBER, []), span)
    return found | _covered_townships(by_level.get(StatementLevel.TOWNSHIP, []), span)


def _gaps(**narrowed: str) -> str:
    asked = {"tab": "all", "kind": "gap", **narrowed}
    return f"{address('responsibility:findings')}?{urlencode(asked)}"


def _last_day(rows: Any, span: Span) -> dt.date | None:
    days = rows.filter(day__range=(span.first, span.last)).order_by("-day").values_list("day", flat=True)
    return days.first()


def _covered_districts(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    rows = CoverageDay.objects.filter(matter=None)
    day = _last_day(rows, span) if statements else None
    if day is None:
        return {}
    codes = _codes(statements)
    known = {row.district_id: row for row in rows.filter(day=day)}
    return {
        row.pk: Figure(
            share(share_of.answered, share_of.sites),
            share_of.sites,
            share_of.sites - share_of.answered,
            _gaps(district=codes[row.district_id or 0]),
        )
        for row in statements
        if (share_of := known.get(row.district_id or 0)) is not None
    }


def _codes(statements: Sequence[Statement]) -> dict[int, str]:
    """Return the codes of the places of statements, by their ids. One query."""
    from safegrid.grid.models import District

    return dict(
        District.objects.filter(pk__in={place_of(row) for row in statements}).values_list("pk", "code")
    )


def tops_governed(units: Iterable[int]) -> dict[int, list[Matter]]:
    """Return the matters that each unit governs, without those that lie below another one. Two queries."""
    governed: dict[int, list[Matter]] = {pk: [] for pk in units}
    pairs = list(Unit.governs.through.objects.filter(unit__in=governed).values_list("unit", "matter"))
    every = Matter.objects.in_bulk({matter for _unit, matter in pairs})
    for unit, matter in pairs:
        governed[unit].append(every[matter])
    return {
        unit: [m for m in rows if not any(m.path != o.path and m.path.startswith(o.path) for o in rows)]
        for unit, rows in governed.items()
    }


def _covered_matters(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    rows = CoverageDay.objects.filter(matter__isnull=False)
    day = _last_day(rows, span) if statements else None
    if day is None:
        return {}
    sums: dict[int, tuple[int, int]] = {}
    for matter, sites, answered in rows.filter(day=day).values_list("matter", "sites", "answered"):
        before = sums.get(matter, (0, 0))
        sums[matter] = before[0] + sites, before[1] + answered
    governed = tops_governed({row.promiser_id or 0 for row in statements})
    found = {}
    for row in statements:
        matters = [m for m in governed[row.promiser_id or 0] if m.pk in sums]
        if not matters:
            continue
        sites = sum(sums[m.pk][0] for m in matters)
        answered = sum(sums[m.pk][1] for m in matters)
        url = _gaps(governed_by=str(row.promiser_id))
        found[row.pk] = Figure(share(answered, sites), sites, sites - answered, url)
    return found


def _covered_townships(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    if not statements:
        return {}
    ids = {row.township_id for row in statements}
    end = min(clock.day_end(span.last), span.now)
    sites = dict(
        Site.objects.filter(township__in=ids, created_at__lt=end)
        .exclude(status=EnterpriseStatus.CLOSED)
        .order_by()
        .values_list("township")
        .annotate(n=Count("pk"))
    )
    open_then = Q(finding__mended_at=None) | Q(finding__mended_at__gte=end)
    gaps = dict(
        FindingSite.objects.filter(
            open_then,
            site__township__in=ids,
            finding__kind="gap",
            finding__dismissed_at=None,
            finding__found_at__lt=end,
        )
        .exclude(line="")
        .exclude(site__status=EnterpriseStatus.CLOSED)
        .order_by()
        .values_list("site__township")
        .annotate(n=Count("site", distinct=True))
    )
    codes = _codes(statements)
    found = {}
    for row in statements:
        every, bad = sites.get(row.township_id or 0, 0), gaps.get(row.township_id or 0, 0)
        url = _gaps(township=codes[row.township_id or 0])
        found[row.pk] = Figure(share(every - min(bad, every), every), every, min(bad, every), url)
    return found


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
