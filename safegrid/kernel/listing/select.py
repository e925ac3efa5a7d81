"""What a list shows of its rows: columns and joins that are the same for everybody, so planned only once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import RawSQL

from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.prepared import Prepared
from safegrid.kernel.remembered import Remembered, remembered

EDITION = "edition_of_names"


class Select:
    """The part of a list's query that gives rows their columns, names from other tables among them.

    Nobody's scope is in it: it is only ever given rows that a scope has let through. Names from tables that
    are remembered need no join; the query reads their ids, and the batch is completed from memory.
    """

    def __init__(
        self, name: str, model: type[Model], fields: Sequence[str], expressions: Mapping[str, Any]
    ) -> None:
        self.name, self.model = name, model
        self.fields = tuple(fields)
        #: Field → (column with the id, remembered model, its field).
        self._named = {field: found for field in fields if (found := _remembered(model, field))}
        self._memory = next((remembered[of._meta.label] for _fk, of, _field in self._named.values()), None)
        keys = [fk for fk, _model, _field in self._named.values()]
        plain = [field for field in fields if field not in self._named]
        self._columns = tuple(dict.fromkeys([*plain, *keys]))
        self._expressions = dict(expressions)

    def values(self, rows: QuerySet[Any], *more: str) -> QuerySet[Any]:
        """Return `rows` as tuples that `batch` understands, those of `more` among their values."""
        expressions, columns = self._expressions, [*self._columns, *more]
        if self._memory is not None:
            edition = RawSQL(self._memory.edition, [], Field())  # noqa: S611 (our own words)
            expressions, columns = {**expressions, EDITION: edition}, [*columns, EDITION]
        return rows.annotate(**expressions).values_list(*columns)

    def joined(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return `rows` with every field from the database, as a statement that remembers nothing would."""
        return rows.annotate(**self._expressions).values_list(*self.fields)

    def batch(self, rows: Sequence[tuple[Any, ...]], *more: str) -> Batch:
        """Return the tuples of `values`, completed with the names that are remembered."""
        if self._memory is None:
            return Batch([*self._columns, *more], rows)
        batch = Batch([*self._columns, *more, EDITION], rows)
        tables = self._memory.tables(batch[EDITION][0]) if rows else None
        for field, (fk, model, name) in self._named.items():
            names = tables[model].column(name) if tables else {}
            batch.add(field, list(map(names.get, batch[fk])))
        return batch

    def of(self, ids: Sequence[int]) -> Batch:
        """Return the rows with `ids`, in their order. One query, none for no ids."""
        return self.batch(self._statement.rows(list(ids)) if ids else [])

    @cached_property
    def _statement(self) -> Prepared:
        rows = self.values(self.model._default_manager.all())
        compiler = rows.order_by().query.get_compiler("default")
        sql, params = compiler.as_sql()
        table = f'"{self.model._meta.db_table}"'
        columns, _from, joins = sql.partition(f" FROM {table}")
        if (
            compiler.get_converters(expr for expr, _sql, _alias in compiler.select)
            or f" FROM {table}" in joins
        ):
            raise ImproperlyConfigured(f"{self.name}: a list cannot show this as it is: {sql}")
        with connection.cursor() as cursor:
            columns = cursor.mogrify(columns, params).decode()
        return Prepared(
            f"list_{self.name.replace('-', '_')}",
            f"{columns} FROM unnest($1) WITH ORDINALITY AS page(id, number) "
            f"JOIN {table} ON {table}.id = page.id {joins} ORDER BY page.number",
            "bigint[]",
        )


def _remembered(model: type[Model], field: str) -> tuple[str, type[Model], str] | None:
    """Return where `field` is named from memory: (column with the id, model, field); None where it is not."""
    fk, _, name = field.partition("__")
    try:
        of = model._meta.get_field(fk).related_model
    except FieldDoesNotExist:
        return None
    if not isinstance(of, type) or of._meta.label not in remembered:
        return None
    memory: Remembered = remembered[of._meta.label]
    return (f"{fk}_id", of, name) if name in memory.kept[of] else None
