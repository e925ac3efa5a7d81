"""What the map can be coloured by: hazards in each place, each number with the list that it counts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hazards.choices import OPEN, Grade
from hazards.models import Hazard, late
from safegrid.grid.sockets import MapLayer, map_layers
from safegrid.kernel import clock


def _counts(wanted: Callable[[], Q]) -> Callable[[Any, str], Mapping[int | None, int]]:
    """Return the function that counts by place what somebody sees of the hazards that `wanted` tells."""

    def counts(user: Any, level: str) -> Mapping[int | None, int]:
        rows = Hazard.objects.visible_to(user).filter(wanted()).order_by()
        return dict(rows.values_list(level).annotate(Count("pk")))

    return counts


def _list(tab: str) -> Callable[[str, str], str]:
    """Return the function that names the list of a saved view in a place."""

    def address(level: str, code: str) -> str:
        params = {"tab": tab, **({level: code} if code else {})}
        return f"{reverse('hazards:list')}?{urlencode(params)}"

    return address


for order, (code, label, wanted) in enumerate(
    [
        ("overdue", _("Overdue hazards"), lambda: late(clock.now())),
        ("open", _("Open hazards"), lambda: Q(state__in=OPEN)),
        ("major", _("Major hazards open"), lambda: Q(state__in=OPEN, grade=Grade.MAJOR)),
    ],
    start=10,
):
    map_layers.plug(code, MapLayer(code, label, _counts(wanted), _list(code), is_bad=True), order=order)
