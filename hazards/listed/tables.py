"""What listed supervision adds to the office's tables: how many were listed, and at which level."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from hazards.listed.choices import ListingState
from hazards.listed.models import ListedSupervision
from hazards.models import Hazard
from hazards.tables.sockets import Asked, Fact, Figure, Number, facts, figures
from safegrid.kernel.office_tables import Value


def _listed(asked: Asked) -> Mapping[int | None, Number]:
    """Return how many listings began in the days, but for what was listed by mistake. One query."""
    began = asked.during("listings__listed_at")
    rows = Hazard.objects.visible_to(asked.user).filter(
        asked.narrowing.q(), began, listings__state__in=set(ListingState) - {ListingState.WITHDRAWN}
    )
    groups = rows.order_by().annotate(group=asked.group()).values_list("group")
    return dict(groups.annotate(n=Count("listings")))


def _levels(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return the level of the latest listing of each of these hazards that `user` reads. One query."""
    rows = ListedSupervision.objects.visible_to(user).filter(hazard__in=ids)
    rows = rows.exclude(state=ListingState.WITHDRAWN).order_by("pk")
    return {row.hazard_id: str(row.get_level_display()) for row in rows.only("hazard", "level")}


figures.plug("listed", Figure(_("Major listed"), _listed), order=40)
facts.plug("listed", Fact(_levels))
