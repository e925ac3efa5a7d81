"""The grid's own figures on the map."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Site
from safegrid.grid.sockets import MapLayer, map_layers

HIGH_RISK = (RiskGrade.RED, RiskGrade.ORANGE)


def _sites(user: Any, level: str) -> Mapping[int | None, int]:
    rows = Site.objects.visible_to(user).order_by()
    return dict(rows.values_list(level).annotate(Count("pk")))


def _high_risk(user: Any, level: str) -> Mapping[int | None, int]:
    rows = Site.objects.visible_to(user).filter(risk__in=HIGH_RISK).order_by()
    return dict(rows.values_list(level).annotate(Count("pk")))


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
        _sites,
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
        _high_risk,
        lambda level, code: list_of_sites(level, code, tab="high"),
        is_bad=True,
    ),
    order=81,
)
