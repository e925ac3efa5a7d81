"""What a unit is made of and what it has to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from responsibility.assignments.models import Assignment
from responsibility.obligations.models import Obligation
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import District, Unit
from safegrid.kernel import clock


@dataclass(frozen=True)
class Member:
    """A post of a unit, with who holds it or stands in, and how much it has."""

    post: Post
    holder: User | None
    assigned: int
    open: int
    overdue: int


def member_units(place: District) -> QuerySet[Unit]:
    """Return the member units of the safety committee of `place`."""
    return Unit.objects.existing().filter(kind=UnitKind.MEMBER, district=place)


def governments_below(place: District) -> QuerySet[Unit]:
    """Return the governments one level below `place`: of a city those of its districts."""
    return Unit.objects.existing().filter(
        kind=UnitKind.GOVERNMENT,
        district__path__startswith=place.path,
        district__depth=place.depth + 1,
        district__closed_on=None,
    )


def members(unit: Unit, user: Any, *, now: dt.datetime) -> list[Member]:
    """Return the posts of `unit` in their order, with as much of their work as `user` reads.

    Five queries, however many.
    """
    posts = list(Post.objects.filter(unit=unit).order_by("pk"))
    ids = [post.pk for post in posts]
    today = clock.local_date(now)
    manned = holders(ids, on=today)
    given = Assignment.objects.as_of(today).filter(post__in=ids).order_by()
    assigned = dict(given.values_list("post").annotate(n=Count("pk")))
    owed = Obligation.objects.visible_to(user).open().filter(debtor_post__in=ids).order_by()
    late = Count("pk", filter=Q(due_at__lte=now))
    counts = {
        pk: (n, over) for pk, n, over in owed.values_list("debtor_post").annotate(n=Count("pk"), over=late)
    }
    return [
        Member(post, manned.get(post.pk), assigned.get(post.pk, 0), *counts.get(post.pk, (0, 0)))
        for post in posts
    ]
