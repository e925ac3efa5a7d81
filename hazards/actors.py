"""Who wants to act on a row, for the tables of states: of hazards, and of what is reported about them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from safegrid.accounts.choices import PostKind


@dataclass(frozen=True)
class Actor:
    """Who wants to act now, as which post, and whether the row lies within what that post may act on.

    `post` is None for somebody who does not hold the post they name: nothing is open to them.
    """

    user: Any
    post: Any
    in_scope: bool
    now: dt.datetime

    def is_kind(self, *kinds: PostKind) -> bool:
        """Whether the post is of one of `kinds`."""
        return self.post is not None and self.post.kind in kinds


def actor_for(row: Any, user: Any, post: Any, *, now: dt.datetime) -> Actor:
    """Return `user` acting as `post` towards a row; nobody acts as a post that they do not hold."""
    if post is None or post.pk not in user.reach.post_ids:
        return Actor(user, None, False, now)
    reached = type(row)._default_manager.editable_by(user, post)
    return Actor(user, post, reached.filter(pk=row.pk).exists(), now)
