"""Ways to the rows of a page: the statement that gives their ids, worded once for each question.

To put a scope, a saved view and filters into SQL takes longer than to find the rows by it. The words stay the
same as long as the question does; what differs from page to page, the moment and the place in the list, is
filled in each time. A question that is asked again is planned once for each connection, too: the plan follows
from its words, and rows come in the order of an index, wherever the page begins. Rows are never remembered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet
from psycopg2.extensions import AsIs

from safegrid.kernel.listing.keyset import Cursor, Order
from safegrid.kernel.prepared import Passing

#: Stand in a statement where the values of a cursor go.
VALUE, PK = object(), object()

MOST = 1000  # ways that a process remembers


class Moment(dt.datetime):
    """The moment of asking, known again among the parameters of a statement."""

    @classmethod
    def of(cls, now: dt.datetime) -> Moment:
        """Return `now` as an object of its own."""
        return cls.combine(now.date(), now.timetz())


class Beyond(Func):
    """The predicate of the rows beyond the place of a cursor, forwards or backwards."""

    def __init__(self, order: Order, *, backwards: bool) -> None:
        self.step = "<" if order.descending != backwards else ">"
        super().__init__(F(order.sort.field), F("id"), output_field=BooleanField())

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the words, with marks as their parameters."""
        (column, _), (key, _) = (compiler.compile(each) for each in self.source_expressions)
        if column == key:
            return f"{key} {self.step} %s", [PK]
        # Compared as a row: so an index is entered at its very place, even among thousands of equal values.
        return f"({column}, {key}) {self.step} (%s, %s)", [VALUE, PK]


@dataclass(frozen=True)
class Way:
    """A statement that gives ids in order; empty when there can be none."""

    sql: str = ""
    params: tuple[Any, ...] = ()
    moment: Moment | None = None
    is_known: bool = False  # asked for before, so it is worth planning for good

    @property
    def lasts(self) -> bool:
        """Whether nothing in it was worked out from the moment of asking."""
        return not any(isinstance(each, Moment) and each is not self.moment for each in self.params)

    def ids(self, now: dt.datetime, cursor: Cursor | None) -> list[int]:
        """Return the ids at `now`, beyond `cursor`. One query, none when there can be no row."""
        if not self.sql:
            return []
        if self.is_known:
            marks = [each for each in self.params if self._is_mark(each)]
            return [row[-1] for row in self._statement.rows(*self._filled(marks, now, cursor))]
        with connection.cursor() as rows:
            rows.execute(self.sql, self.filled(now, cursor))
            return [row[-1] for row in rows.fetchall()]

    def filled(self, now: dt.datetime, cursor: Cursor | None) -> list[Any]:
        """Return the parameters as they are at `now`, beyond `cursor`."""
        return self._filled(self.params, now, cursor)

    def _filled(self, params: Iterable[Any], now: dt.datetime, cursor: Cursor | None) -> list[Any]:
        value, pk = (cursor.value, cursor.pk) if cursor else (None, None)
        return [
            now if each is self.moment else value if each is VALUE else pk if each is PK else each
            for each in params
        ]

    def _is_mark(self, param: Any) -> bool:
        return param is VALUE or param is PK or (param is not None and param is self.moment)

    @cached_property
    def _statement(self) -> Passing:
        """The statement with all that does not differ from page to page in it."""
        types: list[str] = []
        params = []
        for each in self.params:
            if self._is_mark(each):
                types.append("unknown" if each is VALUE else "bigint" if each is PK else "timestamptz")
                each = AsIs(f"${len(types)}")
            params.append(each)
        with connection.cursor() as cursor:
            sql = cursor.mogrify(self.sql, params).decode()
        return Passing(f"way_{next(_numbers)}", sql, *types)


_numbers = count()

Branches = Callable[[dt.datetime], Sequence[QuerySet[Any]]]


def way(branches: Branches, order: Order, *, most: int, cursor: Cursor | None, now: dt.datetime) -> Way:
    """Return the way to up to `most` rows of the union of `branches(now)`, in order or against it.

    Each branch is ordered and limited by itself: a plain OR would read the whole table for a narrow scope.
    """
    moment = Moment.of(now)
    backwards = cursor is not None and cursor.backwards
    terms = order.by(backwards=backwards)
    live = [branch for branch in branches(moment) if not branch.query.is_empty()]
    if cursor is not None:
        live = [branch.filter(Beyond(order, backwards=backwards)) for branch in live]
    if not live:
        return Way()
    # What a union is ordered by has to come along.
    key = ["id"] if len(live) == 1 else dict.fromkeys([order.sort.field, "id"])
    parts = [branch.order_by(*terms).values_list(*key)[:most] for branch in live]
    rows = parts[0] if len(parts) == 1 else parts[0].union(*parts[1:]).order_by(*terms)[:most]
    try:
        sql, params = rows.query.get_compiler("default").as_sql()
    except EmptyResultSet:
        return Way()
    return Way(sql, tuple(params), moment)


_known: dict[Hashable, Way] = {}


def known_way(question: Hashable, word: Callable[[], Way]) -> Way:
    """Return the way that `question` is answered by, worded by `word` unless it is known.

    One whose wording had to ask the database, or worked with the moment of asking, is worded anew each time.
    """
    found = _known.get(question)
    if found is not None:
        return found
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        found = word()
    if found.lasts and not asked:
        if len(_known) >= MOST:
            _known.clear()
        _known[question] = replace(found, is_known=True)
    return found
