"""What the map can be coloured by: hazards in each place, each number with the list that it counts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards.counts import hazards, late_today, past
from safegrid.grid.counts import ALWAYS, Narrowing, read
from safegrid.grid.sockets import MapLayer, map_layers
from safegrid.kernel import clock
from safegrid.kernel.addresses import of_view


def _counts(measure: str) -> Callable[[Any, str], Mapping[int | None, int]]:
    """Return the function that counts by place what somebody may read of a measure."""

    def counts(user: Any, level: str) -> Mapping[int | None, int]:
        return read(user, hazards, {measure: ALWAYS}, by=level).by_group(measure)

    return counts


def _overdue(user: Any, level: str) -> Mapping[int | None, int]:
    """Count what is late by place: what has fallen due on past days, and today at an hour."""
    now = clock.now()
    found = read(user, hazards, {"due": past(now)}, by=level).by_group("due")
    found.update(late_today(user, Narrowing(), now=now).values_list(level, flat=True))
    return +found


for order, (code, label, counts) in enumerate(
    [
        ("overdue", _("Overdue hazards"), _overdue),
        ("open", _("Open hazards"), _counts("open")),
        ("major", _("Major hazards open"), _counts("major")),
    ],
    start=10,
):
    map_layers.plug(
        code, MapLayer(code, label, counts, of_view("hazards:list", code), is_bad=True), order=order
    )
