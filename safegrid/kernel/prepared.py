"""Statements whose words never change: PostgreSQL plans them once for each connection, not for each page.

Planning the query that gives a page of hazards its names takes longer than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

#: Which statements a connection knows already, and of those that pass, what was asked longest ago first.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
_passing: WeakKeyDictionary[Any, dict[str, None]] = WeakKeyDictionary()

MOST = 100  # that pass and that a connection keeps: each plan takes some 50 kB of its memory


class Prepared:
    """A statement with parameters `$1`, `$2`, … of the types given: `Prepared("name", sql, "bigint[]")`.

    It is sent anew when the connection is a new one. Nothing here is undone by a rollback.
    """

    def __init__(self, name: str, sql: str, *types: str) -> None:
        self.name = name
        self.definition = f"PREPARE {name} {_in_brackets(types)} AS {sql}"
        self.call = f"EXECUTE {name} {_in_brackets(['%s'] * len(types))}"

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """Run it and return its rows."""
        with connection.cursor() as cursor:
            self._tell(connection.connection)
            cursor.execute(self.call, values)
            return cursor.fetchall()

    def _tell(self, to: Any) -> None:
        """Let the connection know the statement, unless it does; that is no query of a page."""
        known = _known.setdefault(to, set())
        if self.name not in known:
            with to.cursor() as bare:
                bare.execute(self.definition)
            known.add(self.name)


class Passing(Prepared):
    """One of many statements that come and go: a connection keeps those that it was asked last."""

    def _tell(self, to: Any) -> None:
        passing = _passing.setdefault(to, {})
        if self.name not in passing:
            with to.cursor() as bare:
                if len(passing) >= MOST:
                    bare.execute(f"DEALLOCATE {(oldest := next(iter(passing)))}")
                    del passing[oldest]
                bare.execute(self.definition)
        else:
            del passing[self.name]
        passing[self.name] = None


def _in_brackets(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})" if parts else ""
