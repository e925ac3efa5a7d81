"""Which bodies took the place of others: what was promised by one that is no more, they keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.models import UnitSuccession

#: The units of a query, and those before them.
LINE = """
WITH RECURSIVE line (unit) AS (
    ({own}) UNION
    SELECT before.predecessor_id FROM grid_unitsuccession before JOIN line ON before.successor_id = line.unit
) SELECT unit FROM line
"""


def heirs(units: Iterable[int]) -> dict[int, set[int]]:
    """Return by each id the ids of the units that exist in its place: its own while it exists. One query."""
    after: dict[int, set[int]] = defaultdict(set)
    for old, new in UnitSuccession.objects.values_list("predecessor", "successor"):
        after[old].add(new)

    def last(unit: int) -> set[int]:
        return {heir for new in after[unit] for heir in last(new)} if unit in after else {unit}

    return {unit: last(unit) for unit in units}


def bodies_of(unit: int | None) -> set[int]:
    """Return the ids of `unit` and of all bodies whose place it took, one after the other. One query."""
    before: dict[int, set[int]] = defaultdict(set)
    for old, new in UnitSuccession.objects.values_list("predecessor", "successor"):
        before[new].add(old)

    def line(each: int) -> set[int]:
        return {each}.union(*(line(old) for old in before[each]))

    return set() if unit is None else line(unit)


def bodies_of_posts(posts: Iterable[int]) -> RawSQL:
    """Return the bodies of `posts`, and those before them, as ids to filter by.

    Not of who administers the portal or reads all of it: they are no part of what their body promises or is
    told.
    """
    speaking = Post.objects.exclude(kind__in=(PostKind.ADMIN, PostKind.AUDITOR))
    return in_line(speaking.filter(pk__in=list(posts), unit__isnull=False).values("unit"))


def in_line(units: QuerySet[Any]) -> RawSQL:
    """Return `units` and all bodies whose place they took, one after the other, as ids to filter by."""
    own, given = units.query.sql_with_params()
    return RawSQL(LINE.format(own=own), given)  # noqa: S611 (`own` is a query, its values go apart)


def speaks_for(unit: int | None, of: int | None) -> bool:
    """Whether a post of `unit` is one of the body `of`, or of one that took its place. One query at most."""
    return of is not None and (unit == of or of in bodies_of(unit))
