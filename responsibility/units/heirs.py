"""Which bodies took the place of others: what was promised by one that is no more, they keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from safegrid.grid.models import UnitSuccession


def heirs(units: Iterable[int]) -> dict[int, set[int]]:
    """Return by each id the ids of the units that exist in its place: its own while it exists. One query."""
    after: dict[int, set[int]] = defaultdict(set)
    for old, new in UnitSuccession.objects.values_list("predecessor", "successor"):
        after[old].add(new)

    def last(unit: int) -> set[int]:
        return {heir for new in after[unit] for heir in last(new)} if unit in after else {unit}

    return {unit: last(unit) for unit in units}


def speaks_for(unit: int | None, of: int | None) -> bool:
    """Whether a post of `unit` is one of the body `of`, or of one that took its place."""
    if unit is None or of is None:
        return False
    return unit == of or unit in heirs([of])[of]
