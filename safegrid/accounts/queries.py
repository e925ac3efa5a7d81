"""Who holds which post, and what that reaches."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from safegrid.accounts.models import Holding, Involvement, Post, PostScope, Substitution, User
from safegrid.grid.choices import Level
from safegrid.grid.models import Matter
from safegrid.kernel.scope import Branch, Reach


def posts_of(user: User, *, on: dt.date) -> models.QuerySet[Post]:
    """Return the posts that `user` holds or stands in for on the local day `on`."""
    return (
        Post.objects.filter(
            Q(pk__in=Holding.objects.filter(user=user, span__contains=on).values("post"))
            | Q(pk__in=Substitution.objects.filter(user=user, span__contains=on).values("post"))
        )
        .select_related("unit", "enterprise")
        .order_by("pk")
    )


def holders(posts: Iterable[int], *, on: dt.date) -> dict[int, User]:
    """Return who answers for each post on the local day `on`: the substitute, else the holder.

    A post that nobody holds, or whose holder is disabled, is missing from the result. Two queries.
    """
    ids = list(posts)
    found: dict[int, User] = {}
    for model in (Holding, Substitution):  # the substitute comes second and wins
        rows = model.objects.filter(post__in=ids, span__contains=on, user__is_active=True)
        found.update({row.post_id: row.user for row in rows.select_related("user")})
    return found


def involved(model: type[models.Model], posts: Iterable[int]) -> models.QuerySet[Any]:
    """Return the ids of the subjects of `model` in which one of `posts` is involved now."""
    kind = ContentType.objects.get_for_model(model)
    return Involvement.objects.filter(post__in=list(posts), subject_type=kind, until=None).values(
        "subject_id"
    )


def reach(user: User, *, on: dt.date) -> Reach:
    """Return what `user` reaches on the local day `on` by all their posts together."""
    posts = [post.pk for post in posts_of(user, on=on)]
    if not posts:
        return Reach()
    branches = []
    scopes = PostScope.objects.filter(post__in=posts).select_related("district", "matter").order_by("pk")
    scopes = scopes.defer("district__boundary")  # an outline is large, and this runs on every page
    for scope in scopes:
        subtree: frozenset[int] = frozenset()
        if scope.matter is not None:
            subtree = frozenset(
                Matter.objects.filter(path__startswith=scope.matter.path).values_list("pk", flat=True)
            )
        district = scope.district
        city = district is not None and district.level == Level.CITY
        branches.append(
            Branch(
                post_id=scope.post_id,
                acting=scope.acting,
                city=city,
                level=None if district is None or city else district.level,
                place_id=None if district is None or city else district.pk,
                matter_id=scope.matter_id,
                matter_ids=subtree,
                unit_id=scope.unit_id,
                enterprise_id=scope.enterprise_id,
            )
        )
    return Reach(frozenset(posts), tuple(branches), involved)
