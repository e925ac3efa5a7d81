"""Who may write: the posts of the enterprise itself. Officials read; nobody keeps its books for it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from safegrid.accounts.choices import ENTERPRISE_POSTS
from safegrid.accounts.models import Post
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed


def may_write(acting_post: Post | None, enterprise_id: int) -> bool:
    """Whether `acting_post` keeps the books of the enterprise."""
    return (
        acting_post is not None
        and acting_post.enterprise_id == enterprise_id
        and acting_post.kind in ENTERPRISE_POSTS
    )


def check(actor: Any, acting_post: Post | None, enterprise_id: int) -> Post:
    """Return the post; raise NotAllowed for whoever does not keep the books, or no longer holds the post."""
    if acting_post is None or not may_write(acting_post, enterprise_id):
        raise NotAllowed
    if acting_post.pk not in actor.reach.post_ids:
        raise NotAllowed
    return acting_post


def words(text: str, field: str, sentence: str) -> str:
    """Return `text` without blanks around and doubled inside; raise Invalid with `sentence` for none."""
    clean = " ".join(text.split())
    if not clean:
        raise Invalid({field: sentence})
    return clean


def not_later(day: dt.date, field: str, *, now: dt.datetime) -> None:
    """Raise Invalid for a day that is still to come."""
    if day > clock.local_date(now):
        raise Invalid({field: _("This day is still to come.")})
