"""Which post answers for a unit: its head; else its supervisor; else the safety committee's office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit

#: Kinds of post that answer for their unit, the first that is manned before the others.
ORDER = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR)


def answering_posts(units: Iterable[Unit], *, on: dt.date) -> dict[int, Post]:
    """Return the post that answers for each of `units` on the local day `on`, by the unit's id.

    A vacant head's post passes it to the unit's supervisor, and a unit in which nobody is there to the
    safety committee's office; where there is no office either, the unit is missing. Four queries.
    """
    wanted = {unit.pk for unit in units}
    posts = list(
        Post.objects.filter(kind__in=ORDER, unit__in=wanted).select_related("unit__district").order_by("pk")
    )
    offices = list(
        Post.objects.filter(kind=PostKind.OFFICE, unit__isnull=False)
        .select_related("unit__district")
        .order_by("pk")
    )
    manned = holders({post.pk for post in (*posts, *offices)}, on=on)
    found: dict[int, Post] = {}
    for post in sorted(posts, key=lambda post: (ORDER.index(PostKind(post.kind)), post.pk)):
        if post.pk in manned and post.unit_id is not None:
            found.setdefault(post.unit_id, post)
    office = next((post for post in offices if post.pk in manned), None)
    if office is not None:
        for pk in wanted:
            found.setdefault(pk, office)
    return found


def answering_post(unit: Unit, *, on: dt.date) -> Post | None:
    """Return the post that answers for `unit`; None where nobody does."""
    return answering_posts([unit], on=on).get(unit.pk)
