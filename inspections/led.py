"""Visits that leading posts took part in count as checks that they led: recorded once, typed nowhere else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from hazards.choices import State
from inspections.models import Visit, VisitOfficer
from responsibility.leaders.elsewhere import Elsewhere, Led, elsewhere
from safegrid.kernel import clock

NAME = "visit"


def _led(visit: Visit) -> Led:
    return Led(
        source=f"{NAME}:{visit.pk}",
        number=visit.number,
        day=clock.local_date(visit.visited_at),
        site_id=visit.site_id,
        where=visit.site.name,
        found=visit.found_count,
    )


def led(posts: Collection[int], first: dt.date, last: dt.date) -> Iterable[tuple[int, Led]]:
    """Return the visits of these local days on which somebody was there as one of `posts`. One query."""
    rows = VisitOfficer.objects.filter(
        post__in=posts,
        visit__visited_at__gte=clock.day_start(first),
        visit__visited_at__lt=clock.day_end(last),
    )
    return [
        (row.post_id, _led(row.visit)) for row in rows.select_related("visit__site").order_by("visit", "pk")
    ]


def find(user: Any, number: str) -> Led | None:
    """Return the visit with `number` that `user` reads, if there is one."""
    row = Visit.objects.visible_to(user).filter(number=number).select_related("site").first()
    return _led(row) if row is not None else None


def figures(sources: Collection[str]) -> Mapping[str, tuple[int, int]]:
    """Return for each visit how many hazards it found, and how many of them are closed by now. One query."""
    ids = [int(source.removeprefix(f"{NAME}:")) for source in sources]
    closed = Count("items", filter=Q(items__hazard__state=State.CLOSED))
    rows = Visit.objects.filter(pk__in=ids).order_by().annotate(closed=closed)
    return {
        f"{NAME}:{pk}": (found, fixed) for pk, found, fixed in rows.values_list("pk", "found_count", "closed")
    }


def url(number: str) -> str:
    """Return the address of the visit's page."""
    return reverse("inspections:visit_detail", args=[number])


elsewhere.plug(NAME, Elsewhere(led, find, figures, url))
