"""Which post speaks for a unit, and which answers for it: head, supervisor, or the committee's office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from responsibility.units.heirs import heirs
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit

#: Kinds of post that answer for their unit, the first that is manned before the others.
ORDER = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR)


def speaking_posts(
    units: Iterable[int], kinds: Sequence[PostKind] = ORDER, *, on: dt.date, is_manned: bool = False
) -> dict[int, Post]:
    """Return the post of one of `kinds` that speaks for each unit on the local day `on`, by the unit's id.

    One that somebody holds goes before a vacant one, then an earlier kind before a later one; with
    `is_manned` a vacant one does not speak at all. For a unit that is no more whoever followed it speaks. A
    unit without any is missing. Four queries.
    """
    followed = heirs(set(units))
    posts = list(
        Post.objects.filter(kind__in=kinds, unit__in={heir for each in followed.values() for heir in each})
        .select_related("unit__district")
        .order_by("pk")
    )
    manned = holders([post.pk for post in posts], on=on)
    posts.sort(key=lambda post: (post.pk not in manned, kinds.index(PostKind(post.kind))))
    found: dict[int, Post] = {}
    for post in posts:
        if post.unit_id is not None and (post.pk in manned or not is_manned):
            found.setdefault(post.unit_id, post)
    return {
        unit: next(found[heir] for heir in sorted(each) if heir in found)
        for unit, each in followed.items()
        if each & found.keys()
    }


def answering_posts(units: Iterable[Unit], *, on: dt.date) -> dict[int, Post]:
    """Return the post that answers for each of `units` on the local day `on`, by the unit's id.

    A vacant head's post passes it to the unit's supervisor, and a unit in which nobody is there to the
    safety committee's office; where there is no office either, the unit is missing. Nine queries.
    """
    wanted = [unit.pk for unit in units]
    found = speaking_posts(wanted, on=on, is_manned=True)
    offices = Post.objects.filter(kind=PostKind.OFFICE, unit__isnull=False).values_list("unit", flat=True)
    of_office = speaking_posts(offices, (PostKind.OFFICE,), on=on, is_manned=True)
    office = min(of_office.values(), key=lambda post: post.pk, default=None)
    return {pk: found.get(pk, office) for pk in wanted if pk in found or office is not None}  # type: ignore[misc]


def answering_post(unit: Unit, *, on: dt.date) -> Post | None:
    """Return the post that answers for `unit`; None where nobody does."""
    return answering_posts([unit], on=on).get(unit.pk)
