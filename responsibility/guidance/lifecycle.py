"""What may be done with a notice: confirmed unit by unit, or closed before all have, for a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from responsibility.guidance.choices import NoticeState
from responsibility.guidance.models import Notice, Receipt
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.kernel.machine import Machine, Move


def may_close(notice: Notice, post: Post | None) -> bool:
    """Whether `post` closes the notice: whoever sent it, or the office or head of the unit that did."""
    if post is None:
        return False
    leads = post.kind in (PostKind.OFFICE, PostKind.HEAD) and post.unit_id == notice.unit_id
    return post.pk == notice.post_id or leads


def may_confirm(receipt: Receipt, post: Post | None) -> bool:
    """Whether `post` confirms for the unit: who owes it, or whoever heads the unit by now."""
    if post is None:
        return False
    return post.pk == receipt.post_id or (post.kind == PostKind.HEAD and post.unit_id == receipt.unit_id)


def _receiver(notice: Notice, context: Any) -> bool:
    return context is not None and any(may_confirm(row, context) for row in notice.receipts.all())


lifecycle = Machine(
    (
        Move(
            "confirm",
            (NoticeState.RUNNING,),
            None,  # complete, once it was the last
            ("receiver",),
            optional=("remark",),
            label=_("Confirm receipt"),
            tone="primary",
        ),
        Move(
            "close",
            (NoticeState.RUNNING,),
            NoticeState.CLOSED,
            ("sender",),
            requires=("reason",),
            label=_("Close"),
            tone="danger",
        ),
    ),
    roles={"receiver": _receiver, "sender": may_close},
    words={
        "receiver": _("The units that it was sent to confirm it."),
        "sender": _("Whoever sent it closes it."),
    },
)
