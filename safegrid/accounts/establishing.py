"""Setting up many posts at once: a body with its posts, holders and scopes."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from safegrid.accounts.models import Holding, Post, PostScope, User
from safegrid.audit.services import Deed, record_many


@dataclass
class PostPlan:
    """A post to be set up: unsaved, with its holder (None: vacant) and unsaved scopes."""

    post: Post
    holder: User | None
    scopes: list[PostScope] = field(default_factory=list)


def establish(
    plans: Sequence[PostPlan], *, since: dt.date, actor: Any, acting_post: Any, now: dt.datetime
) -> list[Post]:
    """Create the posts of `plans`, appoint their holders from `since` on, and return the posts.

    Holders that are not saved yet are saved. One ledger entry for each post, in a few queries.
    """
    with transaction.atomic():
        people = [p.holder for p in plans if p.holder is not None]
        User.objects.bulk_create([person for person in people if person.pk is None])
        posts = Post.objects.bulk_create([p.post for p in plans])
        Holding.objects.bulk_create(
            Holding(post=p.post, user=p.holder, span=(since, None)) for p in plans if p.holder is not None
        )
        for plan in plans:
            for scope in plan.scopes:
                scope.post = plan.post
        PostScope.objects.bulk_create([s for p in plans for s in p.scopes])
        record_many(
            [
                Deed(p.post, "appointed", {"user": p.holder.pk if p.holder else None, "since": since})
                for p in plans
            ],
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
    return posts
