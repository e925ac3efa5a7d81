"""The grid's own figures on the map."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from safegrid.grid.counts import ALWAYS, read
from safegrid.grid.sockets import MapLayer, map_layers
from safegrid.grid.tally import sites


def _counts(measure: str) -> Callable[[Any, str], Mapping[int | None, int]]:
    """Return the function that counts by place what somebody may read of a measure."""
    return lambda user, level: read(user, sites, {measure: ALWAYS}, by=level).by_group(measure)


def list_of_sites(level: str, code: str, **more: str) -> str:
    """Return the address of the list of sites in a place, or of all for ""."""
    params = {**({level: code} if code else {}), **more}
    address = reverse("grid:enterprises")
    return f"{address}?{urlencode(params)}" if params else address


map_layers.plug(
    "sites",
    MapLayer(
        "sites",
        _("Sites"),
        _counts("sites"),
        list_of_sites,
        unplaced_url=lambda: list_of_sites("", "", tab="unplaced"),
    ),
    order=80,
)
map_layers.plug(
    "high_risk",
    MapLayer(
        "high_risk",
        _("Sites of high risk"),
        _counts("high_risk"),
        lambda level, code: list_of_sites(level, code, tab="high"),
        is_bad=True,
    ),
    order=81,
)
