"""Which sites were at work at the end of a day, where they stood, and which of them had a gap.

A score counts by this, and the list that the score opens shows by it: so both say the same, also later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from responsibility.coverage.choices import Kind
from responsibility.coverage.models import FindingSite, PastDismissal
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import PastPlace, Site, StatusChange
from safegrid.kernel import clock


def sites_on(day: dt.date, *, now: dt.datetime) -> QuerySet[Site]:
    """Return the sites that were at work at the end of the local `day`, at `now` while it is not over.

    `district_then` and `township_then` hold the ids of the places in which each stood.
    """
    stopped = StatusChange.objects.filter(
        Q(site=OuterRef("pk")) | Q(site=None, enterprise=OuterRef("enterprise")),
        status=EnterpriseStatus.CLOSED,
        done_at__isnull=False,
    )
    past = PastPlace.objects.filter(site=OuterRef("pk"), until__gt=day).order_by("until", "pk")
    rows = Site.objects.filter(
        ~Q(status=EnterpriseStatus.CLOSED) | Exists(stopped.filter(since__gt=day)),
        created_at__lt=_end(day, now),
    )
    return rows.annotate(
        **{
            f"{level}_then": Case(
                When(Exists(past), then=Subquery(past.values(f"{level}_id")[:1])),
                default=F(level),
                output_field=BigIntegerField(),
            )
            for level in ("district", "township")
        }
    )


def gaps_on(
    day: dt.date, *, now: dt.datetime, matters: Collection[int] | None = None
) -> QuerySet[FindingSite]:
    """Return what was not answered for on a line at the end of the local `day`, of all matters or of some.

    What had been dismissed by then is none: somebody decided so and said why.
    """
    end = _end(day, now)
    taken_back = PastDismissal.objects.filter(finding=OuterRef("finding"), at__lt=end, until__gte=end)
    rows = FindingSite.objects.unanswered(day).filter(
        ~Exists(taken_back),
        Q(finding__mended_at=None) | Q(finding__mended_at__gte=end),
        Q(finding__dismissed_at=None) | Q(finding__dismissed_at__gte=end),
        Q(gone_at=None) | Q(gone_at__gte=end),
        finding__kind=Kind.GAP,
        found_at__lt=end,
    )
    return rows if matters is None else rows.filter(matter__in=matters)


def _end(day: dt.date, now: dt.datetime) -> dt.datetime:
    return clock.day_end(day) if day < clock.local_date(now) else now
