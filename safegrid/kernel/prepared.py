"""Statements whose words never change: PostgreSQL plans them once for each connection, not for each page.

Planning the query that gives a page of hazards its names takes longer than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

#: Which statements a connection knows already.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


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
            known = _known.setdefault(connection.connection, set())
            if self.name not in known:
                with connection.connection.cursor() as bare:  # no query of a page
                    bare.execute(self.definition)
                known.add(self.name)
            cursor.execute(self.call, values)
            return cursor.fetchall()


def _in_brackets(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})" if parts else ""
