"""Sending a notice to units, confirming it for one of them, closing it. A receipt is an obligation."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibility.assignments.services import acts_over
from responsibility.guidance.choices import NoticeState
from responsibility.guidance.lifecycle import lifecycle, may_close, may_confirm
from responsibility.guidance.models import Notice, Receipt
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.services import close_many, close_obligations, open_obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders, scope_of
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import District, Unit
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

KIND = "guidance_receipt"
REASON_LENGTH = REMARK_LENGTH = 300
TITLE_LENGTH = 120
TEXT_LENGTH = 5000
SENDERS = (PostKind.OFFICE, PostKind.HEAD)


def _page(params: dict[str, Any]) -> str:
    return reverse("responsibility:guidance_notice", args=[params["pk"]])


kinds.plug(
    KIND,
    Kind(
        KIND,
        gettext_lazy("Confirm receipt: %(title)s"),
        gettext_lazy("Confirm receipt"),
        _page,
        name=gettext_lazy("Receipt of a notice"),
        day_is_given=True,
    ),
)


def may_send(post: Post | None) -> bool:
    """Whether `post` sends notices: the office, or a head who acts for every matter in a place."""
    return post is not None and post.kind in SENDERS and post.unit_id is not None and acts_over(post)


def receivers(post: Post) -> QuerySet[Unit]:
    """Return the units to which `post` may send: those in the places in which it acts, but its own.

    Only places in which it acts for every matter.
    """
    branches = [b for b in scope_of(post).of(acting=True).branches if b.matter_id is None]
    units = Unit.objects.existing().exclude(posts=post).exclude(kind=UnitKind.OFFICE).order_by("pk")
    if any(branch.city for branch in branches):
        return units
    places = District.objects.filter(pk__in=[branch.place_id for branch in branches if branch.level])
    paths = places.values_list("path", flat=True)
    inside = units.none()
    for path in paths:
        inside = inside | units.filter(district__path__startswith=path)
    return inside.distinct()


def debtors(units: Iterable[Unit], *, fallback: Post, on: dt.date) -> dict[int, Post]:
    """Return for each unit the post that owes its receipt on a day: its head, where somebody holds that.

    Where nobody does it is `fallback`, the office, which then has to see to it. Three queries.
    """
    heads = list(Post.objects.filter(kind=PostKind.HEAD, unit__in=[unit.pk for unit in units]).order_by("pk"))
    manned = holders([post.pk for post in heads], on=on)
    found: dict[int, Post] = {}
    for post in reversed(heads):  # of two the one that was there first
        if post.pk in manned and post.unit_id is not None:
            found[post.unit_id] = post
    return {unit.pk: found.get(unit.pk, fallback) for unit in units}


def send(
    *,
    token: uuid.UUID,
    title: str,
    text: str,
    units: Iterable[Unit],
    by: dt.date,
    number: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Notice:
    """Send a notice to `units`, to be confirmed by the end of the local day `by`; return it.

    `token` is the form's: sent twice, it is there once. Raise NotAllowed for whoever may not, Invalid for a
    day that is past, no title or text, no unit, or one out of reach.
    """
    if acting_post is None or not may_send(acting_post):
        raise NotAllowed
    if (known := _known(token, actor)) is not None:
        return known
    wrong: dict[str, str] = {}
    if not title.strip():
        wrong["title"] = _("Give it a title.")
    if not text.strip():
        wrong["text"] = _("Say what the units should know or do.")
    if by < clock.local_date(now):
        wrong["by"] = _("The day is past.")
    chosen = {unit.pk for unit in units}
    reached = list(receivers(acting_post).filter(pk__in=chosen).select_related("district"))
    if not chosen:
        wrong["units"] = _("Choose at least one unit.")
    elif len(reached) < len(chosen):
        wrong["units"] = _("One of these units is not yours to guide.")
    if wrong:
        raise Invalid(wrong)
    try:
        with transaction.atomic():
            notice = _write(
                token, title.strip(), text.strip(), number.strip(), reached, by, actor, acting_post, now
            )
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was sent.
        if (known := _known(token, actor)) is None:
            raise
        return known
    return notice


def _write(
    token: uuid.UUID,
    title: str,
    text: str,
    number: str,
    units: list[Unit],
    by: dt.date,
    actor: Any,
    acting_post: Post,
    now: dt.datetime,
) -> Notice:
    own = Unit.objects.select_related("district").get(posts=acting_post)
    notice = Notice.objects.create(
        token=token,
        title=title[:TITLE_LENGTH],
        text=text[:TEXT_LENGTH],
        number=number,
        unit=own,
        post=acting_post,
        sent_by=actor,
        sent_at=now,
        due_at=clock.day_end(by),
        asked=len(units),
        **columns(own.district),
    )
    posts = debtors(units, fallback=acting_post, on=clock.local_date(now))
    rows = Receipt.objects.bulk_create(
        Receipt(notice=notice, unit=unit, post=posts[unit.pk]) for unit in units
    )
    for row in rows:  # of no place: a notice is between its sender and these units
        open_obligation(
            kind=KIND,
            subject=row,
            site=None,
            debtor_post=row.post,
            creditor_post=acting_post if row.post_id != acting_post.pk else None,
            due_at=notice.due_at,
            params={"pk": notice.pk, "title": notice.title},
            now=now,
        )
    for post in {row.post_id: row.post for row in rows}.values():
        involve(subject=notice, post=post, role="receiver", now=now)
    data = {"title": notice.title, "units": [unit.pk for unit in units], "by": by}
    record(notice, "guidance.send", actor=actor, acting_post=acting_post, now=now, data=data)
    return notice


def _known(token: uuid.UUID, actor: Any) -> Notice | None:
    return Notice.objects.filter(token=token, sent_by=actor).first()


def _taken(notice: Notice, actor: Any) -> Notice:
    """Lock the notice and return it, if `actor` reaches it; raise NotAllowed otherwise."""
    row = Notice.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=notice.pk).first()
    if row is None:
        raise NotAllowed
    return row


def confirm(
    *, receipt: Receipt, remark: str = "", actor: Any, acting_post: Post | None, now: dt.datetime
) -> Receipt:
    """Confirm a notice for one unit and return its receipt; confirmed again, the same receipt comes back.

    The last one makes the notice complete. Raise NotAllowed for whoever may not, Stale once it is closed.
    """
    with transaction.atomic():
        notice = _taken(receipt.notice, actor)
        row = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
        row.notice = notice
        if not may_confirm(row, acting_post):
            raise NotAllowed
        if row.confirmed_at is not None:
            return row
        lifecycle.check(notice, "confirm", _("This notice is closed; nothing more is to be confirmed."))
        row.confirmed_at, row.confirmed_by = now, actor
        row.remark = remark.strip()[:REMARK_LENGTH]
        row.save(update_fields=["confirmed_at", "confirmed_by", "remark"])
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        notice.confirmed = Receipt.objects.filter(notice=notice, confirmed_at__isnull=False).count()
        if notice.confirmed >= notice.asked:
            notice.state, notice.closed_at = NoticeState.COMPLETE, now
        notice.save(update_fields=["confirmed", "state", "closed_at"])
        data = {"unit": row.unit_id, "remark": row.remark}
        record(notice, "guidance.confirm", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def close(*, notice: Notice, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime) -> Notice:
    """Close a notice before all have confirmed it; what is still owed is owed no more. Return it.

    Raise NotAllowed for whoever may not, Invalid without a reason, Stale when it is closed already.
    """
    with transaction.atomic():
        row = _taken(notice, actor)
        if not may_close(row, acting_post):
            raise NotAllowed
        if lifecycle.find(row, "close") is None:
            raise Stale(_("This notice is closed already."))
        if not reason.strip():
            raise Invalid({"reason": _("Say why it is closed.")})
        row.state, row.closed_at, row.closed_by = NoticeState.CLOSED, now, actor
        row.reason = reason.strip()[:REASON_LENGTH]
        row.save(update_fields=["state", "closed_at", "closed_by", "reason"])
        waiting = Receipt.objects.filter(notice=row, confirmed_at=None)
        close_many(Receipt, waiting.values("pk"), kind=KIND, outcome=Outcome.CANCELLED, now=now)
        data = {"reason": row.reason, "waiting": waiting.count()}
        record(row, "guidance.close", actor=actor, acting_post=acting_post, now=now, data=data)
    return row
