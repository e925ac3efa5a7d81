"""What a list shows of the rows of a page: the same columns and joins for everybody, so planned only once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.models import QuerySet

from safegrid.kernel.prepared import Prepared


class Select:
    """The part of a list's query that gives rows their columns, names from other tables among them.

    Nobody's scope is in it: it is only ever given the ids of rows that a scope has let through.
    """

    def __init__(self, name: str, fields: tuple[str, ...], rows: QuerySet[Any]) -> None:
        self.fields = fields
        compiler = rows.order_by().query.get_compiler("default")
        sql, params = compiler.as_sql()
        table = f'"{rows.model._meta.db_table}"'
        columns, _from, joins = sql.partition(f" FROM {table}")
        if (
            compiler.get_converters(expr for expr, _sql, _alias in compiler.select)
            or f" FROM {table}" in joins
        ):
            raise ImproperlyConfigured(f"{name}: a list cannot show this as it is: {sql}")
        with connection.cursor() as cursor:
            columns = cursor.mogrify(columns, params).decode()
        self._statement = Prepared(
            f"list_{name.replace('-', '_')}",
            f"{columns} FROM unnest($1) WITH ORDINALITY AS page(id, number) "
            f"JOIN {table} ON {table}.id = page.id {joins} ORDER BY page.number",
            "bigint[]",
        )

    def rows(self, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return the values of `fields` of the rows with `ids`, in their order."""
        return self._statement.rows(list(ids)) if ids else []
