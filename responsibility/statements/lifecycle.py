"""The lifecycle of a statement as a table: (state, action) → (state, who may, what is required).

One service applies it (`responsibility.statements.signing.act`); the buttons of the page come from here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from responsibility.statements import bodies
from responsibility.statements.choices import UNSIGNED, StatementState
from responsibility.statements.models import Signature, Statement
from safegrid.accounts.models import Post
from safegrid.kernel import clock
from safegrid.kernel.machine import Machine, Move


@dataclass(frozen=True)
class Actor:
    """Who wants to act now and as which post; the night (`is_night`) closes what is over."""

    user: Any
    post: Post | None
    now: dt.datetime
    is_night: bool = False


def _promiser(statement: Statement, actor: Actor) -> bool:
    return bodies.speaks_for_promiser(statement, actor.post)


def _receiver(statement: Statement, actor: Actor) -> bool:
    return bodies.speaks_for_unit(actor.post, statement.receiver_id)


def _judge(statement: Statement, actor: Actor) -> bool:
    return bodies.may_judge(statement, actor.post)


def _night(statement: Statement, actor: Actor) -> bool:
    return actor.is_night


def _not_promised(statement: Statement, actor: Any) -> bool:
    return statement.promised_at is None


def _not_received(statement: Statement, actor: Any) -> bool:
    return statement.received_at is None


def _another(statement: Statement, actor: Actor) -> bool:
    """Nobody signs for both sides."""
    return not Signature.objects.filter(statement=statement, user=actor.user).exists()


def _genuine(statement: Statement, actor: Any) -> bool:
    return statement.is_genuine


def _year_over(statement: Statement, actor: Actor) -> bool:
    return clock.local_date(actor.now).year > statement.year


SIGNING = ("another", "genuine")

MACHINE = Machine(
    (
        Move(
            "promise",
            (StatementState.ISSUED,),
            StatementState.HALF,
            ("promiser",),
            needs=SIGNING,
            label=_("Sign"),
            tone="primary",
        ),
        Move(
            "promise",
            (StatementState.HALF,),
            StatementState.IN_FORCE,
            ("promiser",),
            when="not_promised",
            needs=SIGNING,
            label=_("Sign"),
            tone="primary",
        ),
        Move(
            "receive",
            (StatementState.ISSUED,),
            StatementState.HALF,
            ("receiver",),
            needs=SIGNING,
            label=_("Countersign"),
            tone="primary",
        ),
        Move(
            "receive",
            (StatementState.HALF,),
            StatementState.IN_FORCE,
            ("receiver",),
            when="not_received",
            needs=SIGNING,
            label=_("Countersign"),
            tone="primary",
        ),
        Move(
            "withdraw",
            UNSIGNED,
            StatementState.WITHDRAWN,
            ("judge",),
            requires=("reason",),
            label=_("Withdraw"),
            tone="danger",
        ),
        Move(
            "close",
            (StatementState.IN_FORCE,),
            StatementState.CLOSED,
            ("judge", "night"),
            needs=("year_over",),
            label=_("Close the year"),
        ),
    ),
    roles={"promiser": _promiser, "receiver": _receiver, "judge": _judge, "night": _night},
    conditions={
        "not_promised": _not_promised,
        "not_received": _not_received,
        "another": _another,
        "genuine": _genuine,
        "year_over": _year_over,
    },
    words={
        "promiser": _("the head of who promises does this"),
        "receiver": _("the head of who receives it does this"),
        "judge": _("the head of who receives it or the safety committee's office does this"),
        "night": _("this happens by itself"),
        "not_promised": _("who promises has not signed yet"),
        "not_received": _("who receives it has not signed yet"),
        "another": _("nobody signs for both sides"),
        "genuine": _("the text is no longer the one that was issued"),
        "year_over": _("the year is not over yet"),
    },
)


def actor_for(user: Any, post: Post | None, *, now: dt.datetime) -> Actor:
    """Return `user` acting as `post`; nobody acts as a post that they do not hold."""
    return Actor(user, post if bodies.holds(user, post) else None, now)
