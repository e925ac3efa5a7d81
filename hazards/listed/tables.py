"""What listed supervision adds to the office's tables: how many were listed, at which level, and how far."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hazards.listed.choices import ListingState
from hazards.listed.models import ListedSupervision, ProgressReport
from hazards.models import Hazard
from hazards.tables.sockets import Asked, Fact, Figure, Number, facts, figures
from safegrid.kernel import clock
from safegrid.kernel.office_tables import Value
from safegrid.kernel.punctuation import colon


def _listed(asked: Asked) -> Mapping[int | None, Number]:
    """Return how many listings began in the days, but for what was listed by mistake. One query."""
    began = asked.during("listings__listed_at")
    rows = Hazard.objects.visible_to(asked.user).filter(
        asked.narrowing.q(), began, listings__state__in=set(ListingState) - {ListingState.WITHDRAWN}
    )
    groups = rows.order_by().annotate(group=asked.group()).values_list("group")
    return dict(groups.annotate(n=Count("listings")))


def _levels(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return level and deadline of the latest listing of each of these hazards. One query."""
    rows = ListedSupervision.objects.visible_to(user).filter(hazard__in=ids)
    rows = rows.exclude(state=ListingState.WITHDRAWN).order_by("pk")
    words = gettext("%(level)s, until %(day)s")
    return {
        row.hazard_id: words % {"level": row.get_level_display(), "day": row.due_on.isoformat()}
        for row in rows.only("hazard", "level", "due_on")
    }


def _progress(ids: Sequence[int], user: Any) -> Mapping[int, Value]:
    """Return what the enterprise reported last of its progress on each of these, and when. One query."""
    rows = ProgressReport.objects.visible_to(user).filter(listing__hazard__in=ids)
    last = rows.order_by("listing__hazard", "-pk").distinct("listing__hazard")
    return {
        hazard: f"{clock.local_date(at).isoformat()}{colon()}{text}"
        for hazard, at, text in last.values_list("listing__hazard", "at", "text")
    }


figures.plug("listed", Figure(_("Major listed"), _listed), order=40)
facts.plug("listed", Fact(_levels))
facts.plug("progress", Fact(_progress))
