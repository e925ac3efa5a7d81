"""Small tables that every page names rows of, kept in the memory of each process.

The database counts their *editions*: a value that is never used twice, changed by triggers in the transaction
that changes a row. Whoever reads ids reads the edition in the same statement, and what is named then is what
stood there at that moment; a process that remembers another edition reads the tables once again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from django.db import connection
from django.db.models import Model

from safegrid.kernel.sockets import Socket

Row = Sequence[Any]


class Table:
    """The rows of one table at one edition."""

    def __init__(self, model: type[Model], fields: tuple[str, ...], rows: Sequence[Row]) -> None:
        self.model = model
        self.fields = fields
        self.rows: Mapping[Any, Row] = {row[0]: row for row in rows}
        self.column = cache(self._column)
        self.found = cache(self._found)

    def _column(self, field: str) -> dict[Any, Any]:
        """Return the values of `field` by the rows' ids."""
        at = self.fields.index(field)
        return {pk: row[at] for pk, row in self.rows.items()}

    def _found(self, field: str) -> dict[Any, list[Row]]:
        """Return the rows by their values of `field`."""
        at = self.fields.index(field)
        found: dict[Any, list[Row]] = {}
        for row in self.rows.values():
            found.setdefault(row[at], []).append(row)
        return found

    def instance(self, row: Row) -> Any:
        """Return a row as an instance of its model; what is not remembered is deferred."""
        return self.model.from_db("default", self.fields, row)


class Remembered:
    """Tables with one edition: for each model the names of the columns that are kept, its key first.

    `edition` is the expression that reads it, for whichever statement reads ids.
    """

    def __init__(self, edition: str, kept: Mapping[type[Model], str]) -> None:
        self.edition = edition
        # In the order of the model, as `from_db` takes them.
        self.kept = {model: _in_order(model, names) for model, names in kept.items()}
        self._at: tuple[int, Mapping[type[Model], Table]] | None = None
        for model in kept:
            remembered.plug(model._meta.label, self)

    def tables(self, edition: int) -> Mapping[type[Model], Table]:
        """Return the tables at `edition`, or at the one that has followed it. No query when it is known."""
        known = self._at
        if known is None or known[0] != edition:
            known = self._at = self._read()
        return known[1]

    def now(self) -> Mapping[type[Model], Table]:
        """Return the tables as they are. One query."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {self.edition}")
            return self.tables(cursor.fetchone()[0])

    @cached_property
    def _statement(self) -> str:
        rows = (  # in names of our own
            f"(SELECT json_agg(json_build_array({', '.join(columns)})) FROM {model._meta.db_table})::text"  # noqa: S608
            for model, columns in self.kept.items()
        )
        return f"SELECT {self.edition}, {', '.join(rows)}"

    def _read(self) -> tuple[int, Mapping[type[Model], Table]]:
        """Read all of it in one statement, so that edition and rows are of one moment."""
        with connection.cursor() as cursor:
            cursor.execute(self._statement)
            edition, *found = cursor.fetchone()
        tables = {
            model: Table(model, fields, json.loads(rows) if rows else [])
            for (model, fields), rows in zip(self.kept.items(), found, strict=True)
        }
        return edition, tables


def _in_order(model: type[Model], names: str) -> tuple[str, ...]:
    wanted = {"id", *names.split()}
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in wanted)


#: By the labels of models. A list names their rows from memory.
remembered: Socket[Remembered] = Socket("remembered tables")
