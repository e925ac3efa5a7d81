"""One duty over many places at once: shown first, place by place, then given in one transaction."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import Given, assign, check_days
from responsibility.assignments.spans import LENGTHENED, NEW, THERE, missing
from safegrid.accounts.models import Post, PostScope
from safegrid.accounts.queries import scope_of
from safegrid.grid.models import District, Matter
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed

AT_MOST = 500  # places at once

COLLIDES, OUTSIDE = "collides", "outside"  # beside NEW, THERE and LENGTHENED


@dataclass(frozen=True)
class Duty:
    """What is to be given over each of the places: to every one of the posts, or (`one_each`) to one of them.

    `chosen` says by a place's id which of them a person has chosen; for the others it is `own_posts`.
    """

    posts: tuple[Post, ...]
    line: str
    tier: str
    matter: Matter
    since: dt.date
    until: dt.date | None
    basis: str
    document: str = ""
    one_each: bool = False
    chosen: Mapping[int, Post] = field(default_factory=dict)


@dataclass(frozen=True)
class Weighed:
    """One place and post: whether the duty is new there, lengthened, there already, or cannot be given."""

    place: District
    post: Post
    outcome: str  # NEW, LENGTHENED, THERE, COLLIDES or OUTSIDE
    rival: Post | None = None

    @property
    def is_to_be_done(self) -> bool:
        """Whether something is changed for it."""
        return self.outcome in (NEW, LENGTHENED)


def weigh(
    places: Sequence[District], duty: Duty, *, acting_post: Post | None, today: dt.date
) -> list[Weighed]:
    """Return what would become of each place and post. At most four queries, however many places."""
    check_days(duty.since, duty.until, today=today)
    if duty.tier == Tier.LEAD and len(duty.posts) > 1 and not duty.one_each:
        raise Invalid({"posts": _("One post leads; choose one, or another tier.")})
    reached = _reached(places, duty.matter, acting_post)
    known = list(
        Assignment.objects.filter(
            Q(district__in=[place.pk for place in places]),
            line=duty.line,
            tier=duty.tier,
            matter=duty.matter,
            span__overlap=(duty.since, duty.until),
        )
        .select_related("post__unit")
        .order_by("span", "pk")
    )
    own: dict[tuple[int | None, int], list[Assignment]] = defaultdict(list)
    leading: dict[int | None, list[Post]] = defaultdict(list)
    for row in known:
        own[row.district_id, row.post_id].append(row)
        if duty.tier == Tier.LEAD:
            leading[row.district_id].append(row.post)
    own_post = {**own_posts(places, duty.posts), **duty.chosen} if duty.one_each else {}
    found = []
    for place in places:
        for post in (own_post[place.pk],) if duty.one_each else duty.posts:
            has = own[place.pk, post.pk]
            rival = next((each for each in leading[place.pk] if each.pk != post.pk), None)
            if place.pk not in reached:
                outcome, rival = OUTSIDE, None
            elif rival is not None:
                outcome = COLLIDES
            elif not has:
                outcome = NEW
            else:
                outcome = LENGTHENED if missing(has, duty.since, duty.until) else THERE
            found.append(Weighed(place, post, outcome, rival))
    return found


def own_posts(places: Sequence[District], posts: Sequence[Post]) -> dict[int, Post]:
    """Return by the ids of the places which of `posts` each would go to. One query.

    Whose scope lies closest around the place; where that is several, or nobody's, to whoever of them has been
    given fewest so far, in their order.
    """
    scopes = PostScope.objects.filter(post__in=posts, district__isnull=False)
    roots: dict[int, list[str]] = {post.pk: [] for post in posts}
    for post_id, path in scopes.values_list("post", "district__path"):
        roots[post_id].append(path)
    given = dict.fromkeys(roots, 0)
    found = {}
    for place in places:
        near = {
            pk: max((len(path) for path in paths if place.path.startswith(path)), default=0)
            for pk, paths in roots.items()
        }
        nearest = max(near.values())
        found[place.pk] = min((p for p in posts if near[p.pk] == nearest), key=lambda p: given[p.pk])
        given[found[place.pk].pk] += 1
    return found


def assign_many(
    *,
    places: Sequence[District],
    duty: Duty,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> list[Given]:
    """Give `duty` over each place where nothing stands against it, and return what is new or lengthened.

    What collides or lies outside of the acting post's scope is left as it is, as the preview said. Sent
    twice, nothing more is given. Raise Invalid by field, NotAllowed where no place at all is in scope.
    """
    with transaction.atomic():
        weighed = weigh(places, duty, acting_post=acting_post, today=clock.local_date(now))
        if not weighed or all(each.outcome == OUTSIDE for each in weighed):
            raise NotAllowed
        return [
            assign(
                post=each.post,
                line=duty.line,
                tier=duty.tier,
                matter=duty.matter,
                district=each.place,
                since=duty.since,
                until=duty.until,
                basis=duty.basis,
                document=duty.document,
                actor=actor,
                acting_post=acting_post,
                now=now,
            )
            for each in weighed
            if each.is_to_be_done
        ]


def _reached(places: Sequence[District], matter: Matter, acting_post: Post | None) -> set[int]:
    """Return the ids of the places in which the acting post gives duties on `matter`. Two queries."""
    if acting_post is None:
        return set()
    branches = [
        branch
        for branch in scope_of(acting_post).of(acting=True).branches
        if branch.matter_id is None or matter.pk in branch.matter_ids
    ]
    if any(branch.city for branch in branches):
        return {place.pk for place in places}
    roots = District.objects.filter(pk__in=[b.place_id for b in branches if b.place_id])
    paths = tuple(roots.values_list("path", flat=True))
    return {place.pk for place in places if paths and place.path.startswith(paths)}
