"""“Not ours”: a hazard that waits for a decision is given to another body, and is theirs once they accept.

Until then whoever was to decide still is: it is never nobody's (Work Safety Law, Art. 69).
"""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards.choices import ORDER_LABEL, Owed, State
from hazards.models import Hazard
from hazards.services import owing
from hazards.services.deeds import Deed, Given
from hazards.services.steps import write_step
from responsibility.obligations.choices import Outcome
from responsibility.transfers.models import Transfer
from responsibility.transfers.subjects import By, Transferable, What, transferables
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.kernel.refusals import Refused

UNDECIDED = (State.REPORTED, State.GRADED)
MAY_SEND = (PostKind.OFFICER, PostKind.SUPERVISOR)


def may_send(hazard: Hazard, what: What, post: Post, on: dt.date) -> bool:
    """Return whether `post` may give the hazard away: it waits for a decision, and the post may decide it."""
    if not _is_to_give(hazard, post):
        return False
    reached = Hazard.objects.reached_by(scope_of(post).of(acting=True))
    return reached.filter(pk=hazard.pk).exists()


def _is_to_give(hazard: Hazard, post: Post) -> bool:
    """Whether it waits for a decision of this body: once it was ordered, that of the body that ordered it."""
    is_theirs = hazard.ordering_unit_id in (None, post.unit_id)
    return hazard.state in UNDECIDED and post.kind in MAY_SEND and is_theirs


def transfer_url(hazard: Hazard, post: Post | None) -> str:
    """Return the address of the form by which `post` gives it to another body; empty where it may not."""
    if post is None or not _is_to_give(hazard, post):
        return ""
    return reverse("responsibility:transfer_new", args=["hazard", hazard.pk])


def accepted(transfer: Transfer, hazard: Hazard, by: By) -> None:
    """Let the receiver's post owe the decision from now on; the sender's no longer does."""
    if hazard.state not in UNDECIDED:
        raise Refused(_("This hazard was decided meanwhile; there is nothing left to accept."))
    deed = Deed(hazard, Given(note=transfer.reason), by.actor, by.acting_post, by.now)
    owing.close(deed, Owed.DECIDE, outcome=Outcome.SUPERSEDED)
    owing.owe_decision(deed, by.post, label=ORDER_LABEL if hazard.state == State.GRADED else "")
    involve(subject=hazard, post=by.post, role="received", now=by.now)
    hazard.version += 1
    hazard.ordered_by = hazard.ordering_unit = None  # an order that was taken back binds nobody any more
    hazard.save(update_fields=["version", "ordered_by", "ordering_unit"])
    write_step(deed, "transfer", hazard.state)
    record(
        hazard,
        "hazard.transfer",
        actor=by.actor,
        acting_post=by.acting_post,
        now=by.now,
        data={"transfer": transfer.pk, "to": by.post.pk, "version": hazard.version},
    )


def _seen(user: Any) -> Any:
    return Hazard.objects.visible_to(user).select_related("site__enterprise", "enterprise", "matter")


transferables.plug(
    "hazard",
    Transferable(
        name=gettext_lazy("Hazard"),
        model=Hazard,
        asks=(),
        seen=_seen,
        words=lambda hazard: (
            f"{hazard.number} {hazard.title} · {hazard.enterprise.name}",
            f"{hazard.number} {hazard.title} · {hazard.enterprise.name_en or hazard.enterprise.name}",
        ),
        url=lambda hazard: reverse("hazards:detail", args=[hazard.number]),
        site=lambda hazard: hazard.site,
        place=lambda hazard: hazard.place_ids,
        what=lambda hazard, what: What(matter=hazard.matter),
        may_send=may_send,
        is_over=lambda hazard, on: hazard.state not in UNDECIDED,
        accepted=accepted,
    ),
    order=40,
)
