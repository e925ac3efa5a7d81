"""The lifecycle of a transfer as a table. A refusal names another receiver and keeps it open."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.transfers.choices import TransferState
from responsibility.transfers.models import Transfer
from safegrid.accounts.choices import PostKind
from safegrid.grid.choices import UnitKind
from safegrid.kernel import clock
from safegrid.kernel.machine import Machine, Move

#: Posts that speak for their body. Grid officers do not, nor do those who only read.
SPEAKERS = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR, PostKind.OFFICER)


@dataclass(frozen=True)
class Actor:
    """Who wants to act now, as which post."""

    user: Any
    post: Any
    now: dt.datetime


def speaks(post: Any) -> bool:
    """Whether `post` speaks for a body."""
    return post is not None and post.unit_id is not None and post.kind in SPEAKERS


def _receiver(transfer: Transfer, actor: Actor) -> bool:
    return speaks(actor.post) and actor.post.unit_id == transfer.receiver_unit_id


def _sender(transfer: Transfer, actor: Actor) -> bool:
    return speaks(actor.post) and actor.post.unit_id == transfer.sender_unit_id


def _last(transfer: Transfer) -> Any:
    return transfer.legs.order_by("-number").first()


def _at_office(transfer: Transfer, actor: Any) -> bool:
    return transfer.receiver_unit.kind == UnitKind.OFFICE


def _decider(transfer: Transfer, actor: Actor) -> bool:
    """The committee's office: where it was asked, and of what nobody answers in time (Art. 69)."""
    if not speaks(actor.post) or actor.post.unit.kind != UnitKind.OFFICE:
        return False
    return actor.post.unit_id == transfer.receiver_unit_id or actor.post.kind == PostKind.OFFICE


def _to_decide(transfer: Transfer, actor: Any) -> bool:
    return _at_office(transfer, actor) or transfer.due_on < clock.local_date(clock.now())


def _may_pass_on(transfer: Transfer, actor: Any) -> bool:
    return not _at_office(transfer, actor) and not _last(transfer).is_decided


MACHINE = Machine(
    (
        Move(
            "accept",
            (TransferState.PROPOSED,),
            TransferState.ACCEPTED,
            ("receiver",),
            requires=("post",),
            label=pgettext_lazy("verb", "Accept the transfer"),
            tone="primary",
        ),
        Move(
            "pass_on",
            (TransferState.PROPOSED,),
            None,
            ("receiver",),
            requires=("unit", "reason"),
            when="may_pass_on",
            label=_("Not ours: name another receiver"),
        ),
        Move(
            "decide",
            (TransferState.PROPOSED,),
            None,
            ("decider",),
            requires=("unit", "reason"),
            when="to_decide",
            label=_("Decide who takes it on"),
            tone="primary",
        ),
        Move(
            "withdraw",
            (TransferState.PROPOSED,),
            TransferState.WITHDRAWN,
            ("sender",),
            requires=("reason",),
            label=_("Withdraw"),
            tone="danger",
        ),
    ),
    roles={"receiver": _receiver, "sender": _sender, "decider": _decider},
    conditions={"to_decide": _to_decide, "may_pass_on": _may_pass_on},
    words={
        "receiver": _("The receiving body does this."),
        "sender": _("The body that sent it does this."),
        "decider": _("The safety committee's office does this."),
    },
)
