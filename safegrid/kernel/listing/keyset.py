"""Pages by key: the rows after one row, at the same cost on the first page and on the ten-thousandth.

Every order is (field, id), unique and never null. The predicate carries a redundant bound on the field
alone, `a <= x AND (a < x OR id < y)`, because only that bound lets the index be entered at its place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.declaration import Sort
from safegrid.kernel.listing.select import Select

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

    def q(self, order: Order) -> Q:
        """Return the predicate of the rows beyond this place."""
        step = "lt" if order.descending != self.backwards else "gt"
        beyond = Q(**{f"id__{step}": self.pk})
        if order.sort.field == "id":
            return beyond
        name = order.sort.field
        return Q(**{f"{name}__{step}e": self.value}) & (Q(**{f"{name}__{step}": self.value}) | beyond)

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
    branches: Sequence[QuerySet[Any]],
    order: Order,
    select: Select,
    *,
    size: int,
    cursor: Cursor | None = None,
) -> Page:
    """Return up to `size` rows of the union of `branches` in `order`, beyond `cursor`. Two queries.

    The first gives ids by the model's own columns alone. Each branch is ordered and limited by itself: a
    plain OR would read the whole table for a narrow scope. `select` then gives their columns.
    """
    backwards = cursor is not None and cursor.backwards
    ids = _ids(branches, order, size + 1, cursor)
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


def _ids(branches: Sequence[QuerySet[Any]], order: Order, most: int, cursor: Cursor | None) -> list[int]:
    """Return the ids of up to `most` rows of `branches`, in order or, before a cursor, against it."""
    terms = order.by(backwards=cursor is not None and cursor.backwards)
    limited = [branch.filter(cursor.q(order)) if cursor else branch for branch in branches]
    live = [branch for branch in limited if not branch.query.is_empty()]
    if len(live) < 2:
        return list(live[0].order_by(*terms).values_list("id", flat=True)[:most]) if live else []
    # What a union is ordered by has to come along.
    key = dict.fromkeys([order.sort.field, "id"])
    parts = [part.order_by(*terms).values_list(*key)[:most] for part in live]
    return [row[-1] for row in parts[0].union(*parts[1:]).order_by(*terms)[:most]]
