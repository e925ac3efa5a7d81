"""Reading counts within what a person may read: kept sums where there are some, else row by row."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from safegrid.grid.choices import Level
from safegrid.grid.counts import sql
from safegrid.grid.counts.narrowing import Key, Narrowing, keys
from safegrid.grid.counts.tallies import EVER, Tally
from safegrid.kernel.scope import Reach, reach_of

WHOLE = 0  # stands for all of it, where a place or a matter would stand
MATTER = "matter"  # groups by the roots of the tree of matters; other groups are levels of places


@dataclass(frozen=True)
class Span:
    """The days that are asked for, both included; for a measure without a day just `Span()`."""

    first: dt.date = EVER
    last: dt.date = dt.date.max


ALWAYS = Span()
ANY_ROW = Q()
_Part = tuple[str, list[Any]]

IS_WANTED = "JOIN wanted AS w ON w.measure = {row}.measure AND {row}.day BETWEEN w.first AND w.last"
ROOT_OF_MATTER = (
    "(SELECT root.id FROM grid_matter AS m JOIN grid_matter AS root "
    "ON root.depth = 1 AND starts_with(m.path, root.path) WHERE m.id = {column})"
)


class Counts:
    """What was read: sums by group, measure and day."""

    def __init__(self, rows: Sequence[tuple[int, str, dt.date, int]]) -> None:
        self._days: dict[tuple[int, str], dict[dt.date, int]] = defaultdict(dict)
        for group, measure, day, n in rows:
            self._days[group, measure][day] = int(n)

    def of(self, measure: str, span: Span = ALWAYS, *, group: int = WHOLE) -> int:
        """Return the sum of a measure over the days of `span`, in one of the groups or altogether."""
        days = self._days.get((group, measure), {})
        return sum(n for day, n in days.items() if span.first <= day <= span.last)

    def by_group(self, measure: str) -> Counter[int | None]:
        """Return the sums of a measure by group, and under None what stands in none of them."""
        found: Counter[int | None] = Counter({group: self.of(measure, group=group) for group in self.groups})
        found[None] = self.of(measure) - found.total()
        return +found

    @property
    def groups(self) -> list[int]:
        """The ids of the places, or matters, in which there is anything."""
        return sorted({group for group, _measure in self._days} - {WHOLE})


class Reader:
    """Reads the counts of one person, narrowed; the scope is worked out once for all of them."""

    def __init__(self, user: Any, narrowing: Narrowing = Narrowing()) -> None:  # noqa: B008 (frozen)
        self.user, self.narrowing = user, narrowing
        self.reach = reach_of(user)
        self.branches = [branch for branch in self.reach.branches if branch.city or branch.level]

    @cached_property
    def keys(self) -> list[Key] | None:
        """The kept sums that add up to what the person reaches by place and matter; None: there are none."""
        return keys(self.branches, self.narrowing) if self.branches else []

    def read(self, tally: Tally, wanted: Mapping[str, Span], *, by: str = "", rows: Q = ANY_ROW) -> Counts:
        """Return the measures `wanted`, and `by` the places of a level or `MATTER` too. One query.

        The first one asks for the scope besides, in three. `rows` is a redundant bound for what has to be
        counted row by row: the rows that can add to anything that is wanted.
        """
        parts = [part for part in self._parts(tally, wanted, by, rows) if part is not None]
        if not parts:
            return Counts([])
        spans = [value for name, span in wanted.items() for value in (name, span.first, span.last)]
        values = ", ".join(["(%s, %s::date, %s::date)"] * len(wanted))
        union = " UNION ALL ".join(text for text, _params in parts)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH wanted(measure, first, last) AS (VALUES {values}) "  # noqa: S608
                f"SELECT shown, measure, day, sum(n) FROM ({union}) AS found(shown, measure, day, n) "
                "GROUP BY shown, measure, day",
                [*spans, *(param for _text, params in parts for param in params)],
            )
            return Counts(cursor.fetchall())

    def is_kept(self, tally: Tally, wanted: Iterable[str], by: str = "") -> bool:
        """Return whether sums answer it; else it is counted row by row."""
        deep = all(name in tally.deep for name in wanted)
        if not tally.has_matter and (by == MATTER or any(key.matter for key in self.keys or ())):
            return False
        return self.keys is not None and all(key.is_kept(by, deep=deep) for key in self.keys)

    def _parts(self, tally: Tally, wanted: Mapping[str, Span], by: str, rows: Q) -> list[_Part | None]:
        if self.keys is None or not self.is_kept(tally, wanted, by):
            visible = tally.model._default_manager.visible_to(self.user)  # type: ignore[attr-defined]
            return [_rows(tally, visible.filter(self.narrowing.q(), rows), by)]
        return [
            *(_sums(key, by) for key in self.keys),
            *(_deltas(key, by) for key in self.keys),
            self._beside(tally, by, rows),
        ]

    def _beside(self, tally: Tally, by: str, bound: Q) -> _Part | None:
        """Return the select of the rows that no sum holds: reached otherwise than by place and matter, or
        by who reads the whole.
        """
        spec = tally.model.scope  # type: ignore[attr-defined]
        if self.reach.is_citywide and spec.shared is None:
            return None
        more = [branch for branch in self.branches if branch.whole and spec.shared is not None]
        others = tuple(b for b in self.reach.branches if b not in self.branches or b in more)
        manager = tally.model._default_manager
        rows = manager.all().reached_by(Reach(self.reach.post_ids, others, self.reach.involved))  # type: ignore[attr-defined]
        for branch in self.branches:
            if (predicate := spec.q(replace(branch, whole=False))) is not None:
                rows = rows.exclude(predicate)
        return _rows(tally, rows.filter(self.narrowing.q(), bound), by)


def read(
    user: Any,
    tally: Tally,
    wanted: Mapping[str, Span],
    *,
    narrowing: Narrowing = Narrowing(),  # noqa: B008 (frozen)
    by: str = "",
) -> Counts:
    """Return the measures `wanted` of what `user` may read. Four queries at most, whatever is counted."""
    return Reader(user, narrowing).read(tally, wanted, by=by)


def _sums(key: Key, by: str) -> _Part:
    """Return the select of kept sums: of the key itself, and of the groups within it."""
    place = WHOLE if key.place.level == Level.CITY else key.place.pk
    matter = key.matter.pk if key.matter else WHOLE
    kept = "SELECT %s::bigint AS shown, %s::bigint AS place, %s::bigint AS matter"
    params: list[Any] = [WHOLE, place, matter]
    if by == MATTER and key.matter is not None:
        kept += " UNION ALL SELECT id, %s, %s FROM grid_matter WHERE depth = 1 AND starts_with(%s, path)"
        params += [place, matter, key.matter.path]
    elif by == MATTER:
        kept += " UNION ALL SELECT id, %s, id FROM grid_matter WHERE depth = 1"
        params.append(place)
    elif by:
        kept += (  # the places below; above, the one that it lies in
            " UNION ALL SELECT id, CASE WHEN starts_with(path, %s) THEN id ELSE %s END, %s"
            " FROM grid_district WHERE level = %s AND (starts_with(path, %s) OR starts_with(%s, path))"
        )
        path = key.place.path
        params += [path, place, matter, by, path, path]
    return (
        f"SELECT k.shown, c.measure, c.day, c.n FROM ({kept}) AS k CROSS JOIN wanted AS w "  # noqa: S608
        f"JOIN {sql.COUNTS} AS c ON c.place = k.place AND c.matter = k.matter AND c.industry = %s "
        "AND c.measure = w.measure AND c.day BETWEEN w.first AND w.last",
        [*params, key.industry.pk if key.industry else WHOLE],
    )


def _deltas(key: Key, by: str) -> _Part:
    """Return the select of what is not yet added to the sums."""
    where, params = ["TRUE"], []
    if key.place.level != Level.CITY:
        where.append(f"d.{key.place.level} = %s")
        params.append(key.place.pk)
    if key.matter is not None:
        where.append("d.matter IN (SELECT id FROM grid_matter WHERE starts_with(path, %s))")
        params.append(key.matter.path)
    if key.industry is not None:
        where.append("d.industry IN (SELECT id FROM grid_industry WHERE %s IN (id, parent_id))")
        params.append(key.industry.pk)
    column = f"d.{by}" if by else ""
    return (
        f"SELECT s.shown, d.measure, d.day, d.n FROM {sql.DELTAS} AS d {IS_WANTED.format(row='d')} "  # noqa: S608
        f"{_shown(by, column)} WHERE {' AND '.join(where)}",
        params,
    )


def _rows(tally: Tally, rows: QuerySet[Any], by: str) -> _Part | None:
    """Return the select that counts single rows; None when there are none."""
    try:
        ids, params = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    column = f"r.{by}_id" if by else ""
    return (
        f"SELECT s.shown, c.measure, c.day, 1 FROM {tally.table} AS r {sql.contributions(tally)} "  # noqa: S608
        f"{IS_WANTED.format(row='c')} {_shown(by, column)} WHERE c.holds AND r.id IN ({ids})",
        list(params),
    )


def _shown(by: str, column: str) -> str:
    """Return the lateral join that lets a row count altogether and, when it has one, in its group."""
    if not by:
        return f"CROSS JOIN (VALUES ({WHOLE}::bigint)) AS s(shown)"
    group = ROOT_OF_MATTER.format(column=column) if by == MATTER else column
    return f"JOIN LATERAL (VALUES ({WHOLE}::bigint), ({group})) AS s(shown) ON s.shown IS NOT NULL"
