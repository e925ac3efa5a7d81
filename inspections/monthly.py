"""What inspections add to the monthly table of hazards: how many enterprises were inspected."""

from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from hazards.tables.sockets import Asked, Figure, figures
from inspections.choices import VisitKind
from inspections.models import Visit
from safegrid.grid.counts import Narrowing


def inspected(asked: Asked) -> Mapping[int | None, int]:
    """Return how many enterprises were inspected in each group; a patrol is no inspection. One query."""
    groups = _inspections(asked).annotate(group=asked.group("site__industry")).values_list("group")
    return dict(groups.annotate(n=Count("enterprise", distinct=True)))


def inspected_altogether(asked: Asked) -> int:
    """Return how many enterprises were inspected, one in several groups once. One query."""
    return _inspections(asked).aggregate(n=Count("enterprise", distinct=True))["n"]


def _inspections(asked: Asked) -> QuerySet[Visit]:
    narrowing = asked.narrowing
    rows = Visit.objects.visible_to(asked.user).filter(
        Narrowing(narrowing.place, narrowing.matter).q(),
        asked.during("visited_at"),
        kind=VisitKind.INSPECTION,
    )
    if (industry := narrowing.industry) is not None:
        rows = rows.filter(site__industry__in=[industry.pk, *industry.divisions.values_list("pk", flat=True)])
    return rows.order_by()


figures.plug(
    "inspected",
    Figure(_("Enterprises inspected"), inspected, altogether=inspected_altogether),
    order=10,
)
