"""Some rows of a list, column by column: what is done with a value is done for a whole column at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Batch:
    """Rows by field: `batch["number"]` holds the numbers of all of them, in their order.

    `reader` is who they are shown to, for the few columns that not everybody reads alike.
    """

    reader: Any = None

    def __init__(self, fields: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        self._size = len(rows)
        columns = zip(*rows, strict=True) if rows else ((),) * len(fields)
        self._columns: dict[str, Sequence[Any]] = dict(zip(fields, columns, strict=True))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, field: str) -> Sequence[Any]:
        return self._columns[field]

    def add(self, field: str, values: Sequence[Any]) -> None:
        """Add a column that no query selected, with a value for each row."""
        if len(values) != self._size:
            raise ValueError(f"{field}: {len(values)} values for {self._size} rows")
        self._columns[field] = values
