"""What many tests begin with is written once, then put back: to write it takes longer than most tests.

The rows that a builder adds are kept as text, and COPY brings them back with no trigger; the objects that it
gave are kept pickled. Each process keeps its own, under what the builder's outcome depends on: what was built
before it in the test, and the day.
"""

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from safegrid.kernel import clock

Lines = dict[str, set[str]]  # rows as COPY writes them, by table


@dataclass(frozen=True)
class Snapshot:
    """What a builder changed, and what it gave."""

    added: dict[str, str]  # rows by table
    replaced: dict[str, tuple[str, ...]]  # keys of the rows that changed; none where all rows are added anew
    given: bytes


_kept: dict[tuple[Any, ...], Snapshot] = {}


@dataclass
class Beginnings:
    """What one test begins with, in the order in which it was built."""

    built: dict[str, Any] = field(default_factory=dict)

    def take(self, name: str, build: Callable[[], Any]) -> Any:
        """Return what `build` gives, its rows in the database; really built only once."""
        key = (*self.built, name, clock.local_date(clock.now()))
        with transaction.atomic():
            if key in _kept:
                found = self._put_back(_kept[key])
            else:
                found, _kept[key] = self._build(build)
        self.built[name] = found
        return found

    def _build(self, build: Callable[[], Any]) -> tuple[Any, Snapshot]:
        before = _rows()
        given = build()
        after = _rows()
        added = {table: lines - before[table] for table, lines in after.items()}
        replaced: dict[str, tuple[str, ...]] = {}
        for table, lines in before.items():
            if changed := lines - after[table]:
                has_key = _key(table) is not None
                replaced[table] = tuple(line.split("\t", 1)[0] for line in changed) if has_key else ()
                added[table] = added[table] if has_key else after[table]
        stream = io.BytesIO()
        _Pickler(stream, self._objects()).dump(given)
        texts = {table: "".join(sorted(lines)) for table, lines in added.items() if lines}
        return given, Snapshot(texts, replaced, stream.getvalue())

    def _put_back(self, kept: Snapshot) -> Any:
        with connection.cursor() as cursor:
            # No trigger: what they would write is among the rows.
            cursor.execute("SET LOCAL session_replication_role = replica")
            for table, keys in kept.replaced.items():
                one = f" WHERE {_key(table)}::text IN %s" if keys else ""
                cursor.execute(f"DELETE FROM {table}{one}", [keys] if keys else None)
            for table, lines in kept.added.items():
                cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(lines))
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        return _Unpickler(io.BytesIO(kept.given), self._objects()).load()

    def _objects(self) -> dict[tuple[str, str], Any]:
        """Return what was given before, with its parts: the same objects stay the same."""
        found = {}
        for name, given in self.built.items():
            found[name, ""] = given
            if is_dataclass(given):
                found |= {(name, part.name): getattr(given, part.name) for part in fields(given)}
        return found


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO, objects: dict[tuple[str, str], Any]) -> None:
        super().__init__(stream)
        self._names = {id(each): name for name, each in objects.items() if _is_shared(each)}

    def persistent_id(self, obj: Any) -> tuple[str, str] | None:
        return self._names.get(id(obj)) if _is_shared(obj) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, stream: io.BytesIO, objects: dict[tuple[str, str], Any]) -> None:
        super().__init__(stream)
        self.persistent_load = objects.__getitem__


def _is_shared(obj: Any) -> bool:
    return isinstance(obj, models.Model) or is_dataclass(obj)


@cache
def _key(table: str) -> str | None:
    """Return the primary key when it is the first column of the table, and alone."""
    with connection.cursor() as cursor:
        keys = connection.introspection.get_primary_key_columns(cursor, table)
        cursor.execute(f"SELECT * FROM {table} LIMIT 0")
        first = cursor.description[0].name
    return first if keys == [first] else None


def _rows() -> Lines:
    """Return all rows of the portal's tables."""
    found: Lines = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            out = io.StringIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", out)
            found[table] = set(out.getvalue().splitlines(keepends=True))
    return found
