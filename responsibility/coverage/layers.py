"""What the map can be coloured by: gaps and overlaps in each place, each number with its list."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.coverage.choices import Kind
from responsibility.coverage.models import Finding, FindingSite
from safegrid.grid.sockets import MapLayer, map_drawings, map_layers
from safegrid.kernel.addresses import of_view


def _counts(kind: Kind) -> Callable[[Any, str], Mapping[int | None, int]]:
    """Return the function that counts by place what somebody may read of a kind and is to be resolved."""

    def counts(user: Any, level: str) -> Mapping[int | None, int]:
        rows = Finding.objects.visible_to(user).open().filter(kind=kind).order_by()
        found = dict(rows.values_list(level).annotate(n=Count("pk")))
        # One over several places is a finding of each of them.
        several = FindingSite.objects.still().filter(finding__in=rows.filter(**{level: None}))
        for place, n in (
            several.order_by().values_list(f"site__{level}").annotate(n=Count("finding", distinct=True))
        ):
            if place is not None:
                found[place] = found.get(place, 0) + n
        return found

    return counts


for order, (code, label, kind) in enumerate(
    [("gaps", _("Gaps in supervision"), Kind.GAP), ("overlaps", _("Overlaps in supervision"), Kind.OVERLAP)],
    start=30,
):
    map_layers.plug(
        code,
        MapLayer(code, label, _counts(kind), of_view("responsibility:findings", code), is_bad=True),
        order=order,
    )

map_drawings.plug("cell faults", lambda: reverse("responsibility:cell_faults"))
