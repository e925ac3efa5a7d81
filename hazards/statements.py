"""The figure by which statements score rectification: hazards that were put right by their day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from hazards.choices import State
from hazards.models import Hazard, late
from responsibility.statements.choices import StatementLevel
from responsibility.statements.indicators import Figure, Indicator, Span, indicators, share, sorted_by_level
from responsibility.statements.models import Statement
from safegrid.grid.models import District, Matter, Unit
from safegrid.kernel.addresses import address


def not_rectified_on_time(now: Any) -> Q:
    """Return the predicate of the hazards that were rectified late, or are late now."""
    return Q(state=State.CLOSED, days_late__gt=0) | late(now)


def due_in(span: Span) -> Q:
    """Return the predicate of the hazards whose rectification was due in the span, and is by now.

    By their present place, so that the list that a deduction opens shows exactly what was counted.
    """
    last = min(span.last, span.today)
    return Q(due_on__range=(span.first, last)) & ~Q(state=State.CANCELLED)


COLUMNS = {
    StatementLevel.DISTRICT.value: ("district", "district_id"),
    StatementLevel.TOWNSHIP.value: ("township", "township_id"),
    StatementLevel.ENTERPRISE.value: ("enterprise", "enterprise_id"),
}


def values(statements: Sequence[Statement], span: Span) -> dict[int, Figure]:
    """Return how many hazards were rectified by their day. A bounded number of queries."""
    found: dict[int, Figure] = {}
    codes = _codes(statements)
    every = Count("pk")
    bad = Count("pk", filter=not_rectified_on_time(span.now))
    due = Hazard.objects.filter(due_in(span)).order_by()
    for level, rows in sorted_by_level(statements).items():
        if level == StatementLevel.MEMBER:
            found |= _of_units(rows, span, due.values_list("matter").annotate(every=every, bad=bad))
            continue
        column, own = COLUMNS[level]
        counts = {
            key: (n, late_ones)
            for key, n, late_ones in due.filter(**{f"{column}__in": {getattr(row, own) for row in rows}})
            .values_list(column)
            .annotate(every=every, bad=bad)
        }
        for row in rows:
            key = getattr(row, own)
            narrowed = {column: codes.get(key, "") if column != "enterprise" else str(key)}
            found[row.pk] = _figure(*counts.get(key, (0, 0)), narrowed, span)
    return found


def _codes(statements: Iterable[Statement]) -> dict[int, str]:
    ids = {pk for row in statements for pk in (row.district_id, row.township_id) if pk}
    return dict(District.objects.filter(pk__in=ids).values_list("pk", "code"))


def _of_units(rows: Sequence[Statement], span: Span, counts: Any) -> dict[int, Figure]:
    """Return the figures of member units: hazards of the matters that they govern. Three queries."""
    by_matter = {matter: (every, bad) for matter, every, bad in counts}
    paths = dict(Matter.objects.values_list("pk", "path"))
    pairs = Unit.governs.through.objects.filter(unit__in=[row.promiser_id for row in rows])
    tops: dict[int, list[str]] = {}
    for unit, matter in pairs.values_list("unit", "matter"):
        tops.setdefault(unit, []).append(paths[matter])
    found = {}
    for row in rows:
        mine = tuple(tops.get(row.promiser_id or 0, ()))
        sums = [counted for pk, counted in by_matter.items() if mine and paths[pk].startswith(mine)]
        every, bad = sum(n for n, _bad in sums), sum(late_ones for _n, late_ones in sums)
        found[row.pk] = _figure(every, bad, {"governed_by": str(row.promiser_id)}, span)
    return found


def _figure(every: int, bad: int, narrowed: dict[str, str], span: Span) -> Figure:
    asked = {
        "tab": "all",
        **narrowed,
        "due_from": span.first.isoformat(),
        "due_to": span.last.isoformat(),
        "on_time": "no",
    }
    return Figure(share(every - bad, every), every, bad, f"{address('hazards:list')}?{urlencode(asked)}")


indicators.plug(
    "rectification",
    Indicator(
        "rectification",
        _("Rectified on time"),
        "%",
        _("Share of hazards due in the quarter that were rectified by their day."),
        _("%(bad)s of %(counted)s hazards due were not rectified by their day."),
        values,
    ),
    order=5,
)
