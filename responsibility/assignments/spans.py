"""The days on which one post has one duty: what is there already, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.backends.postgresql.psycopg_any import DateRange

from responsibility.assignments.models import Assignment

NEW, THERE, LENGTHENED = "new", "there", "lengthened"


def missing(
    rows: Iterable[Assignment], since: dt.date, until: dt.date | None
) -> list[tuple[Assignment, DateRange]]:
    """Return which of `rows` have to be lengthened, and to which days, so that none of a span is missing.

    All of them are one duty of one post and have a day of the span `since`, `until` (None: no end) in common;
    between two of them the earlier one is lengthened. Nothing is returned where every day is there. Pure.
    """
    ordered = sorted(rows, key=lambda row: row.span.lower)
    days = {row: [row.span.lower, row.span.upper] for row in ordered}
    last = ordered[0]
    days[last][0] = min(days[last][0], since)
    for row in ordered[1:]:
        if _ends_before(days[last][1], row.span.lower):
            days[last][1] = row.span.lower
        if _ends_before(days[last][1], row.span.upper):
            last = row
    if _ends_before(days[last][1], until):
        days[last][1] = until
    return [(row, DateRange(*days[row])) for row in ordered if days[row] != [row.span.lower, row.span.upper]]


def overlap(one: DateRange, other: DateRange) -> bool:
    """Return whether two spans of days have a day in common."""
    first = max(one.lower, other.lower)
    return not any(_ends_before(each.upper, first) or each.upper == first for each in (one, other))


def _ends_before(end: dt.date | None, other: dt.date | None) -> bool:
    """Return whether a span that ends on `end` (None: never) is over before one that ends on `other`."""
    return end is not None and (other is None or end < other)
