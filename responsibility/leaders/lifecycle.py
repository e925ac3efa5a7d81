"""What may be done with a deed: corrected in sight, or cancelled for a reason."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from responsibility.leaders.models import Leader, LeaderDeed
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.kernel.machine import Machine, Move

#: For so long a slip is mended without a trace on the page; the ledger has it all the same.
AT_ONCE = dt.timedelta(minutes=30)
#: Posts of a unit that record nothing for its leaders.
NOT_STAFF = (PostKind.GRID_OFFICER, PostKind.AUDITOR, PostKind.ADMIN)


@dataclass(frozen=True)
class Context:
    """Who acts, and when."""

    actor: Any
    post: Post | None
    now: dt.datetime


def may_record(leader: Leader, post: Post | None) -> bool:
    """Whether `post` records what `leader` did: the post itself, or its unit's office on its behalf."""
    if post is None:
        return False
    return post.pk == leader.post_id or (post.unit_id == leader.unit_id and post.kind not in NOT_STAFF)


def _own(deed: LeaderDeed, context: Context) -> bool:
    return may_record(deed.leader, context.post)


def _is_typed(deed: LeaderDeed, context: Context | None) -> bool:
    return not deed.source


lifecycle = Machine(
    (
        Move(
            "correct",
            ("recorded",),
            None,
            ("recorder",),
            optional=("day", "what", "where", "found", "fixed", "evidence"),
            needs=("typed",),
            label=_("Correct"),
        ),
        Move(
            "cancel",
            ("recorded",),
            "cancelled",
            ("recorder",),
            requires=("reason",),
            label=_("Cancel"),
            tone="danger",
        ),
    ),
    roles={"recorder": _own},
    conditions={"typed": _is_typed},
    words={
        "recorder": _("Only the post itself and its unit's office keep what it did."),
        "typed": _("Its figures are those of the visit; they are corrected there."),
    },
)


def is_at_once(deed: LeaderDeed, context: Context) -> bool:
    """Whether a correction is a slip that its maker mends at once."""
    return deed.recorded_by_id == context.actor.pk and context.now - deed.recorded_at <= AT_ONCE
