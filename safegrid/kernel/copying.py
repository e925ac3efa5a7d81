"""Writing many rows at once with PostgreSQL's COPY: several times faster than inserts.

Only for rows that are complete in memory; defaults of the database, signals and `save()` play no part.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
TO_ESCAPE = re.compile(r"[\\\t\n\r]")
TO_ESCAPE_IN_ARRAY = re.compile(r'[\\"]')
IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})


def copy_create(model: type[models.Model], instances: Sequence[models.Model]) -> None:
    """Save new instances of `model`, with all their columns, and give them their ids."""
    fields = model._meta.concrete_fields
    for instance, pk in zip(instances, _next_ids(model, len(instances)), strict=True):
        if instance._state.fields_cache:
            instance._prepare_related_fields_for_save("copy_create")  # type: ignore[attr-defined]
        instance.pk = pk
    names = [field.attname for field in fields]
    copy_rows(
        model,
        [field.column or "" for field in fields],
        map(attrgetter(*names), instances),
    )
    for instance in instances:
        instance._state.adding = False
        instance._state.db = connection.alias


def copy_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of `model` that nobody needs to hold; `columns` are those of the table.

    Raises IntegrityError as an insert does.
    """
    # A whole column at a time: its cells are mostly of one type, and seldom one has anything to escape.
    cells = list(map(_column, zip(*rows, strict=True)))
    if not cells:
        return
    text = "".join(f"{line}\n" for line in map("\t".join, zip(*cells, strict=True)))
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", io.StringIO(text))


def _next_ids(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _column(values: Sequence[Any]) -> list[str]:
    """Return the cells of a column as COPY reads them."""
    there = [value for value in values if value is not None]
    texts = _escaped([WRITERS[type(value)](value) for value in there])
    if len(there) == len(values):
        return texts
    each = iter(texts)
    return ["\\N" if value is None else next(each) for value in values]


def _escaped(texts: list[str]) -> list[str]:
    """Return the texts with what COPY reads otherwise escaped; to look first is quicker by far."""
    return [text.translate(ESCAPES) for text in texts] if TO_ESCAPE.search("".join(texts)) else texts


def _array(values: Sequence[Any]) -> str:
    if not any(isinstance(value, str) for value in values):
        return "{" + ",".join(WRITERS[type(value)](value) for value in values) + "}"
    if TO_ESCAPE_IN_ARRAY.search("".join(values)):
        return '{"' + '","'.join(str(value).translate(IN_ARRAY) for value in values) + '"}'
    return '{"' + '","'.join(values) + '"}'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Json:
    """A list for a column of JSON, which would otherwise be taken for an array."""

    value: Any


class _Writers(dict[type, Callable[[Any], str]]):
    """What makes a text of values of a type; another type is written as the one that it stands for is."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = next((self[base] for base in kind.__mro__ if base in self), repr)
        return self[kind]


WRITERS = _Writers(
    {
        str: str,
        bool: lambda value: "t" if value else "f",
        list: _array,
        tuple: _array,
        dt.date: lambda value: value.isoformat(),  # an instant is one too
        DateRange: lambda value: f"[{value.lower or ''},{value.upper or ''})",
        dict: _json,
        Json: lambda value: _json(value.value),
    }
)
