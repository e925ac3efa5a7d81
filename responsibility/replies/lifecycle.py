"""The lifecycle of an answer as a table: (state, action) → (state, who may, what is required).

One service applies it (`responsibility.replies.services.act`), to a unit's part in an instruction and to a
letter alike; buttons come from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.replies.choices import ReplyState
from responsibility.replies.models import Reply
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.kernel.machine import Machine, Move


@dataclass(frozen=True)
class Actor:
    """Who wants to act, as which post; `post` is None for somebody who does not hold the one they name."""

    user: Any
    post: Post | None


def actor_for(user: Any, post: Post | None) -> Actor:
    """Return `user` acting as `post`: nobody acts as a post that they neither hold nor stand in for."""
    return Actor(user, post if post is not None and post.pk in user.reach.post_ids else None)


def answers(reply: Reply, actor: Actor) -> bool:
    """The post that answers for the unit, or the unit's head."""
    if actor.post is None:
        return False
    is_head = actor.post.kind == PostKind.HEAD and actor.post.unit_id == reply.unit_id
    return actor.post.pk == reply.post_id or is_head


def asked(reply: Reply, actor: Actor) -> bool:
    """The post that asked; what the committee's office asked, any post of that office that is of its kind."""
    if actor.post is None:
        return False
    giver = reply.giver_post
    is_office = actor.post.kind == giver.kind == PostKind.OFFICE and actor.post.unit_id == giver.unit_id
    return actor.post.pk == giver.pk or is_office


_ANSWERER, _GIVER = ("answerer",), ("giver",)

MACHINE = Machine(
    (
        Move(
            "answer",
            (ReplyState.OPEN,),
            ReplyState.ANSWERED,
            _ANSWERER,
            requires=("note",),
            when="running",
            label=_("Answer"),
            tone="primary",
        ),
        Move(
            "progress",
            (ReplyState.OPEN,),
            None,
            _ANSWERER,
            requires=("note",),
            when="running",
            label=_("Note the progress"),
        ),
        Move(
            "accept",
            (ReplyState.ANSWERED,),
            ReplyState.ACCEPTED,
            _GIVER,
            optional=("note",),
            when="running",
            label=pgettext_lazy("reply", "Accept"),
            tone="primary",
        ),
        Move(
            "send_back",
            (ReplyState.ANSWERED,),
            ReplyState.OPEN,
            _GIVER,
            requires=("note", "due_on"),
            when="running",
            label=pgettext_lazy("reply", "Send back"),
            tone="danger",
        ),
        Move(
            "withdraw",
            (ReplyState.OPEN, ReplyState.ANSWERED),
            ReplyState.WITHDRAWN,
            _GIVER,
            requires=("note",),
            when="droppable",
            label=pgettext_lazy("reply", "Withdraw"),
            tone="danger",
        ),
    ),
    roles={"answerer": answers, "giver": asked},
    conditions={
        "running": lambda reply, actor: reply.is_running,
        "droppable": lambda reply, actor: reply.is_running and reply.may_be_dropped,
    },
    words={
        "answerer": _("the unit that was asked does this"),
        "giver": _("whoever asked does this"),
    },
)
