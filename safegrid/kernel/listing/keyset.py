"""Pages by key: the rows after one row, at the same cost on the first page and on the ten-thousandth.

Every order is (field, id), unique and never null.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Model

from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.declaration import Sort
from safegrid.kernel.listing.select import Select

if TYPE_CHECKING:
    from safegrid.kernel.listing.ways import Way

SALT = "safegrid.listing.cursor"


@dataclass(frozen=True)
class Order:
    """A sort in one direction."""

    sort: Sort
    descending: bool

    @property
    def param(self) -> str:
        """How the address names it: "found", or "-found" when descending."""
        return f"-{self.sort.key}" if self.descending else self.sort.key

    def by(self, *, backwards: bool = False) -> list[str]:
        """Return the terms of ORDER BY; `backwards` runs against the order."""
        minus = "-" if self.descending != backwards else ""
        return list(dict.fromkeys([f"{minus}{self.sort.field}", f"{minus}id"]))


@dataclass(frozen=True)
class Cursor:
    """A row's place in an order, and on which side of it the page lies."""

    value: Any
    pk: int
    backwards: bool = False

    def encode(self, order: Order) -> str:
        """Return the cursor as text for an address, signed, bound to its order."""
        value = self.value.isoformat() if isinstance(self.value, dt.date) else self.value
        return Signer(salt=SALT).sign_object([order.param, value, self.pk, int(self.backwards)])

    @classmethod
    def decode(cls, text: str, order: Order, model: type[Model]) -> Cursor | None:
        """Return the cursor that `text` is, or None for one that is not ours or is of another order."""
        try:
            param, value, pk, backwards = Signer(salt=SALT).unsign_object(text)
            if param != order.param:
                return None
            field: Any = model._meta.get_field(order.sort.field)
            return cls(field.to_python(value), pk, bool(backwards))
        except (BadSignature, ValidationError, ValueError, TypeError):
            return None


@dataclass(frozen=True)
class Page:
    """Some rows, and the cursors of the pages beside them."""

    rows: Batch
    previous: Cursor | None
    next: Cursor | None


def page(
    way: Way, order: Order, select: Select, *, size: int, cursor: Cursor | None, now: dt.datetime
) -> Page:
    """Return up to `size` of the rows that `way` leads to, beyond `cursor`. Two queries.

    The first gives ids by the model's own columns alone; `way` gives one more of them than `size`. `select`
    then gives their columns.
    """
    backwards = cursor is not None and cursor.backwards
    ids = way.ids(now, cursor)
    more = len(ids) > size
    ids = ids[:size]
    if backwards:
        ids.reverse()
    batch = select.of(ids)
    if not batch:
        return Page(batch, None, None)

    def at(number: int, back: bool) -> Cursor:
        return Cursor(batch[order.sort.field][number], batch["id"][number], back)

    has_previous = more if backwards else cursor is not None
    has_next = more or backwards
    return Page(batch, at(0, True) if has_previous else None, at(-1, False) if has_next else None)
