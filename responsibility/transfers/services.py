"""Verbs on transfers: propose, accept, name another receiver, decide, withdraw. One transaction each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from responsibility.calendars.services import deadline
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.transfers.choices import Answer, TransferState
from responsibility.transfers.lifecycle import MACHINE, Actor, speaks
from responsibility.transfers.models import Leg, Transfer
from responsibility.transfers.queries import desk, office_unit
from responsibility.transfers.subjects import By, What, transferables
from safegrid.accounts.models import Post
from safegrid.accounts.services import end_involvement, involve
from safegrid.audit.services import record
from safegrid.grid.models import Matter, Unit
from safegrid.grid.sockets import day_keepers
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

KIND = "transfer"
POLICY = "transfer"
REASON_LENGTH = 500


def propose(
    *,
    kind: str,
    subject: models.Model,
    unit: Unit,
    reason: str,
    matter: Matter | None = None,
    line: str = "",
    tier: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Transfer:
    """Ask `unit` to take `subject` on, and return the transfer; it is open until somebody accepts.

    A site is transferred for one matter on one line and tier. Sent twice, the open one comes back. Raise
    NotAllowed for whoever may not give it away, Invalid by field.
    """
    plug = transferables[kind]
    what = plug.what(subject, What(matter, line, tier))
    if not speaks(acting_post) or not plug.seen(actor).filter(pk=subject.pk).exists():
        raise NotAllowed
    if not plug.may_send(subject, what, acting_post, clock.local_date(now)):  # type: ignore[arg-type]
        raise NotAllowed
    reason = _reason(reason)
    if unit.pk == acting_post.unit_id:  # type: ignore[union-attr]
        raise Invalid({"unit": _("This is your own body; choose another one.")})
    of_subject = {
        "subject_type": ContentType.objects.get_for_model(subject),
        "subject_id": subject.pk,
        "matter": what.matter,
        "line": what.line,
        "tier": what.tier,
    }
    with transaction.atomic():
        same = Transfer.objects.open().filter(**of_subject).select_related("receiver_unit").first()
        if same is not None and (same.sender_unit_id, same.receiver_unit_id) == (
            acting_post.unit_id,  # type: ignore[union-attr]
            unit.pk,
        ):
            return same
        if same is not None:
            raise Invalid({"unit": _already(same)})
        name, name_en = plug.words(subject)
        post = _desk(unit, now)
        site = plug.site(subject)
        row = Transfer(
            **of_subject,
            kind=kind,
            name=name[:200],
            name_en=name_en[:240],
            site=site,
            reason=reason,
            sender_unit=acting_post.unit,  # type: ignore[union-attr]
            sender_post=acting_post,
            receiver_unit=unit,
            receiver_post=post,
            opened_at=now,
            due_on=clock.last_day(deadline(POLICY, now=now)[1]),
            **plug.place(subject),
        )
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            if "transfer_open_once" not in str(error):
                raise
            raise Stale(_("Somebody has just transferred it; look again.")) from error
        _open_leg(row, unit, post, from_unit=row.sender_unit, decided_by=None, now=now)
        involve(subject=row, post=acting_post, role="sender", now=now)  # type: ignore[arg-type]
        record(
            row,
            "transfer.propose",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={
                "kind": kind,
                "subject": subject.pk,
                "matter": what.matter.code if what.matter else None,
                "line": what.line,
                "tier": what.tier,
                "to": unit.pk,
                "reason": reason,
            },
        )
    return row


def accept(
    *, transfer: Transfer, post: Post | None = None, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Transfer:
    """Take on what is transferred; `post`, the acting one by default, answers for it from now on.

    Raise NotAllowed for another body, Stale when it is no longer open, Refused when it cannot be handed over.
    """
    with transaction.atomic():
        row, leg = _take(transfer, "accept", actor, acting_post, now)
        answering = post or acting_post
        if answering is None or answering.unit_id != row.receiver_unit_id:
            raise Invalid({"post": _("Choose a post of the receiving body.")})
        plug = transferables[row.kind]
        subject = plug.model._base_manager.select_for_update().filter(pk=row.subject_id).first()
        if subject is None:
            raise Refused(_("What it is about is no longer there; there is nothing left to accept."))
        plug.accepted(row, subject, By(answering, actor, acting_post, now))  # type: ignore[arg-type]
        _answer(leg, Answer.ACCEPTED, "", actor, now)
        row.state, row.closed_at, row.receiver_post = TransferState.ACCEPTED, now, answering
        row.save(update_fields=["state", "closed_at", "receiver_post"])
        if answering.pk != leg.post_id:
            _let_see(row, answering, leg.number, now)
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        record(
            row,
            "transfer.accept",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"post": answering.pk},
        )
    return row


def pass_on(
    *,
    transfer: Transfer,
    unit: Unit,
    reason: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Transfer:
    """Say that it is not one's own, and name who takes it: the next leg opens, the transfer stays open.

    Nobody names themselves, who sent it, or somebody who was asked before; where nobody else is left, the
    committee's office decides. Raise Invalid at `unit`, NotAllowed, Stale.
    """
    return _next(transfer, "pass_on", unit, reason, actor=actor, acting_post=acting_post, now=now)


def decide(
    *,
    transfer: Transfer,
    unit: Unit,
    reason: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Transfer:
    """Let the committee's office say who takes it on, whoever was asked before; they only accept.

    It decides where it was asked, and of what nobody answered in time. What it decided changes hands within
    its own scope, whatever the sender may still give away.
    """
    return _next(transfer, "decide", unit, reason, actor=actor, acting_post=acting_post, now=now)


def withdraw(
    *, transfer: Transfer, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Transfer:
    """Take it back, for a reason: nothing changes hands. Raise NotAllowed, Stale, Invalid."""
    reason = _reason(reason)
    with transaction.atomic():
        row, leg = _take(transfer, "withdraw", actor, acting_post, now)
        _answer(leg, Answer.WITHDRAWN, reason, actor, now)
        _look_away(row, leg, now)
        row.state, row.closed_at = TransferState.WITHDRAWN, now
        row.save(update_fields=["state", "closed_at"])
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.CANCELLED, now=now)
        record(
            row,
            "transfer.withdraw",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"reason": reason},
        )
    return row


def close_what_is_over(*, now: dt.datetime) -> int:
    """Close open transfers of which nothing is left to take on; return how many. Safe to repeat.

    A finding was mended, a duty ended, a hazard decided meanwhile. A query for each kind of subject, and a
    few for each that is closed.
    """
    today, done = clock.local_date(now), 0
    for code, plug in transferables.items():
        rows = {row.subject_id: row.pk for row in Transfer.objects.open().filter(kind=code)}
        subjects = plug.model._base_manager.in_bulk(rows)
        # One that is there no more was called off before it began, or undone by a move.
        over = [row for pk, row in rows.items() if pk not in subjects or plug.is_over(subjects[pk], today)]
        for pk in over:
            with transaction.atomic():
                row = Transfer.objects.select_for_update(of=("self",)).get(pk=pk)
                if row.state == TransferState.PROPOSED:
                    _lapse(row, now)
                    done += 1
    return done


def _lapse(row: Transfer, now: dt.datetime) -> None:
    leg = row.legs.select_related("post").order_by("-number")[0]
    _answer(leg, Answer.LAPSED, "", None, now)
    _look_away(row, leg, now)
    row.state, row.closed_at = TransferState.LAPSED, now
    row.save(update_fields=["state", "closed_at"])
    close_obligations(subject=row, kinds=[KIND], outcome=Outcome.CANCELLED, now=now)
    record(row, "transfer.lapse", actor=None, acting_post=None, now=now)


day_keepers.plug("transfers", close_what_is_over)


def _next(
    transfer: Transfer,
    action: str,
    unit: Unit,
    reason: str,
    *,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Transfer:
    reason = _reason(reason)
    is_decided = action == "decide"
    with transaction.atomic():
        row, leg = _take(transfer, action, actor, acting_post, now)
        if problem := _cannot_take(row, unit, is_decided=is_decided):
            raise Invalid({"unit": problem})
        post = _desk(unit, now)
        _answer(leg, Answer.DECIDED if is_decided else Answer.PASSED_ON, reason, actor, now)
        _look_away(row, leg, now)
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        row.receiver_unit, row.receiver_post = unit, post
        row.due_on = clock.last_day(deadline(POLICY, now=now)[1])
        row.save(update_fields=["receiver_unit", "receiver_post", "due_on"])
        decided_by = acting_post if is_decided else None
        asking = leg.unit if decided_by is None or decided_by.unit is None else decided_by.unit
        _open_leg(row, unit, post, from_unit=asking, decided_by=decided_by, now=now)
        record(
            row,
            f"transfer.{action}",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": leg.unit_id, "to": unit.pk, "reason": reason},
        )
    return row


def _cannot_take(row: Transfer, unit: Unit, *, is_decided: bool) -> str:
    """Return why `unit` cannot be named as the next receiver; empty when it can."""
    if unit.pk == row.receiver_unit_id:
        return _("A refusal names another body than your own.")
    if unit.pk == row.sender_unit_id:
        return _("They sent it; name another body, or the committee's office, which decides.")
    asked = set(row.legs.values_list("unit", flat=True))
    if not is_decided and unit.pk in asked:
        office = office_unit()
        if office is None:
            return _("They have been asked already; name another body.")
        text = _("They have been asked already. Where nobody else is left, name %(office)s, which decides.")
        return text % {"office": office.label}
    return ""


def _take(
    transfer: Transfer, action: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> tuple[Transfer, Leg]:
    """Lock the transfer and its last leg, and see that the actor may do this now."""
    reached = Transfer.objects.visible_to(actor).select_for_update(of=("self",))
    row = (
        reached.select_related("receiver_unit", "sender_unit", "sender_post__unit", "matter")
        .filter(pk=transfer.pk)
        .first()
    )
    if row is None:
        raise NotAllowed
    leg = row.legs.select_related("unit", "post").order_by("-number").first()
    if row.state != TransferState.PROPOSED or leg is None:
        raise Stale(_("This transfer is no longer open; look at it again."))
    move = MACHINE.find(row, action)
    if move is None or not MACHINE.may(move, row, Actor(actor, acting_post, now)):
        raise NotAllowed
    return row, leg


def _answer(leg: Leg, answer: str, reason: str, actor: Any, now: dt.datetime) -> None:
    leg.answer, leg.reason, leg.answered_at, leg.answered_by = answer, reason, now, actor
    leg.save(update_fields=["answer", "reason", "answered_at", "answered_by"])


def _open_leg(
    row: Transfer, unit: Unit, post: Post, *, from_unit: Unit, decided_by: Post | None, now: dt.datetime
) -> None:
    """Ask one more receiver: they owe an answer, and see what it is about."""
    policy, due_at = deadline(POLICY, now=now)
    number = row.legs.count() + 1
    Leg.objects.create(
        transfer=row,
        number=number,
        from_unit=from_unit,
        unit=unit,
        post=post,
        opened_at=now,
        due_on=clock.last_day(due_at),
        is_decided=decided_by is not None,
        decided_by=decided_by,
    )
    open_obligation(
        kind=KIND,
        subject=row,
        site=row.site,
        debtor_post=post,
        creditor_post=row.sender_post,
        matter=row.matter,
        due_at=due_at,
        policy=policy,
        params={"pk": row.pk, "what": row.name, "what_en": row.name_en or row.name},
        now=now,
    )
    _let_see(row, post, number, now)


def _let_see(row: Transfer, post: Post, number: int, now: dt.datetime) -> None:
    involve(subject=row, post=post, role=f"receiver {number}", now=now)
    subject = row.subject
    if subject is not None and getattr(type(subject), "scope", None) and type(subject).scope.involvement:
        involve(subject=subject, post=post, role=f"transfer {row.pk}.{number}", now=now)


def _look_away(row: Transfer, leg: Leg, now: dt.datetime) -> None:
    """Let whoever does not take it no longer see the subject; the transfer itself they keep."""
    subject = row.subject
    if subject is not None:
        end_involvement(subject=subject, post=leg.post, role=f"transfer {row.pk}.{leg.number}", now=now)


def _desk(unit: Unit, now: dt.datetime) -> Post:
    post = desk(unit, on=clock.local_date(now))
    if post is None:
        raise Invalid({"unit": _("This body has no post that could accept it.")})
    return post


def _already(same: Transfer) -> str:
    text = _("It is being transferred to %(unit)s already; withdraw that first.")
    return text % {"unit": same.receiver_unit.label}


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": _("Say why, in a few words.")})
    return reason[:REASON_LENGTH]
