"""A duty over one site ends when the site moves to where its post does not act: who leads there answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from responsibility.assignments.models import Assignment
from responsibility.assignments.services import let_end, reaches
from safegrid.accounts.queries import scopes_of
from safegrid.audit.services import record_many
from safegrid.grid.models import Site
from safegrid.grid.sockets import Consequence, MoveFollower, move_followers
from safegrid.kernel import clock

#: The columns of a place: its level with `_id`, and the id of the node there.
Place = Mapping[str, int | None]


def preview(site: Site, place: Place) -> list[Consequence]:
    """Return which duties over exactly this site would end in `place`, and which stay. Three queries."""
    rows = list(_lasting([site.pk], clock.local_date(clock.now())).select_related("post"))
    ending = _left_behind(rows, {site.pk: (site.place_ids, place)})
    told = [
        Consequence(
            " · ".join([row.post.label, row.get_line_display(), row.get_tier_display(), row.matter.label]),
            _("this duty over the site ends: its post does not act in the new place")
            if row in ending
            else _("this duty over the site stays"),
            1,
        )
        for row in rows
    ]
    return sorted(told, key=lambda each: each.effect == _("this duty over the site stays"))


def follow(moved: Mapping[Site, Place], *, actor: Any, acting_post: Any, now: dt.datetime) -> None:
    """Let end, from this day on, what was given over these sites to posts that do not act there any more.

    A post that did not act where the site stood before either was given the duty all the same, and keeps it.
    """
    on = clock.local_date(now)
    rows = list(
        _lasting([site.pk for site in moved], on).select_related("post").select_for_update(of=("self",))
    )
    left = _left_behind(rows, {site.pk: (was, site.place_ids) for site, was in moved.items()})
    record_many(let_end(left, on=on, why="moved"), actor=actor, acting_post=acting_post, now=now)


def _lasting(sites: Collection[int], on: dt.date) -> QuerySet[Assignment]:
    """Return what is given over exactly these sites, in force on a day or later."""
    lasting = Q(span__upper_inf=True) | Q(span__endswith__gt=on)
    rows = Assignment.objects.filter(lasting, site__in=sites).select_related("matter")
    return rows.order_by("site", "line", "matter__path", "tier", "pk")


def _left_behind(rows: Collection[Assignment], places: Mapping[int, tuple[Place, Place]]) -> list[Assignment]:
    """Return those of `rows` whose post acts where the site was, and not where it is. At most two queries."""
    scopes = scopes_of({row.post for row in rows})

    def acts(row: Assignment, place: Place) -> bool:
        return reaches(scopes[row.post_id].of(acting=True), row.matter, place.values())

    def is_left(row: Assignment) -> bool:
        was, now = places[row.site_id or 0]
        return acts(row, was) and not acts(row, now)

    return [row for row in rows if is_left(row)]


move_followers.plug("assignments", MoveFollower(preview, follow))
