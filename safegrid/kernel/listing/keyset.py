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

from safegrid.kernel.listing.declaration import Sort

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

    rows: list[dict[str, Any]]
    previous: Cursor | None
    next: Cursor | None


def page(
    branches: Sequence[QuerySet[Any]],
    order: Order,
    fields: Sequence[str],
    *,
    size: int,
    cursor: Cursor | None = None,
) -> Page:
    """Return up to `size` rows of the union of `branches` in `order`, beyond `cursor`.

    One branch is one query. Several are a union of branches, each ordered and limited by itself, which
    gives the ids, and one query for their rows: a plain OR would read the whole table for a narrow scope.
    """
    backwards = cursor is not None and cursor.backwards
    names = dict.fromkeys(["id", order.sort.field, *fields])
    terms = order.by(backwards=backwards)
    live = [branch for branch in branches if not branch.query.is_empty()] or list(branches[:1])
    limited = [branch.filter(cursor.q(order)) if cursor else branch for branch in live]
    if len(limited) == 1:
        rows = list(limited[0].order_by(*terms).values(*names)[: size + 1])
    else:
        key = dict.fromkeys(["id", order.sort.field])
        parts = [part.order_by(*terms).values_list(*key)[: size + 1] for part in limited]
        found = [row[0] for row in parts[0].union(*parts[1:]).order_by(*terms)[: size + 1]]
        by_id = {row["id"]: row for row in branches[0].model.objects.filter(pk__in=found).values(*names)}
        rows = [by_id[pk] for pk in found if pk in by_id]

    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page([], None, None)

    def at(row: dict[str, Any], back: bool) -> Cursor:
        return Cursor(row[order.sort.field], row["id"], back)

    has_previous = more if backwards else cursor is not None
    has_next = more or backwards
    return Page(rows, at(rows[0], True) if has_previous else None, at(rows[-1], False) if has_next else None)
