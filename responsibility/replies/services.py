"""The one door through which an answer changes its state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from responsibility.calendars.services import deadline
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.replies.lifecycle import MACHINE, actor_for
from responsibility.replies.models import NOTE_LENGTH, Reply, ReplyStep
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

R = TypeVar("R", bound=Reply)


def owe_reply(reply: Reply, *, now: dt.datetime) -> None:
    """Let the unit's post owe the answer by its day."""
    open_obligation(
        kind=reply.OWED_REPLY,
        subject=reply,
        site=None,
        due_at=clock.day_end(reply.due_on),
        original_due_on=reply.original_due_on,
        debtor_post=reply.post,
        creditor_post=reply.giver_post,
        params=reply.params,
        now=now,
    )


def _owe_acceptance(reply: Reply, *, now: dt.datetime) -> None:
    policy, due_at = deadline(reply.OWED_ACCEPTANCE, now=now)
    open_obligation(
        kind=reply.OWED_ACCEPTANCE,
        subject=reply,
        site=None,
        due_at=due_at,
        policy=policy,
        debtor_post=reply.giver_post,
        creditor_post=reply.post,
        params=reply.params,
        now=now,
    )


def check_day(day: dt.date | None, *, now: dt.datetime, field: str = "due_on") -> None:
    """Raise Invalid at `field` for a reply date that is missing or past."""
    if day is None:
        raise Invalid({field: _("Choose a day.")})
    if day < clock.local_date(now):
        raise Invalid({field: _("This day is over. Choose today or later.")})


def act(
    *,
    reply: R,
    action: str,
    note: str = "",
    due_on: dt.date | None = None,
    version: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    lock: Callable[[R], R],
    after: Callable[[R], None] = lambda reply: None,
) -> R:
    """Apply one action of the table and return the reply as it is then.

    `version` is the one that the person saw: if it has moved on since, or the same form is sent twice, Stale
    is raised and nothing changes. `lock` gives the row locked, within what the person sees, and `after` does
    what follows from it. Raise NotAllowed for whoever may not, Refused when it is not possible now, Invalid
    naming the field when something is missing or wrong.
    """
    with transaction.atomic():
        row = lock(reply)
        if row.version != version:
            raise Stale(_("It has moved on since you opened it. Look at it again; nothing was changed."))
        move = MACHINE.check(row, action, _("This is not possible now."))
        context = actor_for(actor, acting_post)
        if not MACHINE.may(move, row, context):
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        assert acting_post is not None  # noqa: S101 (nobody may without a post)
        note = note.strip()[:NOTE_LENGTH]
        if "note" in move.requires and not note:
            raise Invalid({"note": _("Say it in a few words.")})
        if "due_on" in move.requires:
            check_day(due_on, now=now)
        else:
            due_on = None
        before = row.state
        row.state, row.version = move.target or before, version + 1
        _EFFECTS[action](row, note, due_on, now)
        row.save()
        step = ReplyStep(
            action=action,
            from_state=before,
            to_state=row.state,
            at=now,
            actor=actor,
            acting_post=acting_post,
            note=note,
            due_on=due_on,
        )
        _about(step, row).save()
        data = {"from": before, "to": row.state, "version": row.version, "due_on": due_on}
        record(row, f"reply.{action}", actor=actor, acting_post=acting_post, now=now, data=data)
        after(row)
    return row


def _about(step: ReplyStep, reply: Reply) -> ReplyStep:
    for name, value in reply.step_columns().items():  # type: ignore[attr-defined]
        setattr(step, name, value)
    return step


def _progress(row: Reply, note: str, due_on: dt.date | None, now: dt.datetime) -> None:
    row.progress = note


def _answer(row: Reply, note: str, due_on: dt.date | None, now: dt.datetime) -> None:
    row.answer, row.answered_at = note, now
    _close(row, row.OWED_REPLY, Outcome.MET, now)
    _owe_acceptance(row, now=now)


def _accept(row: Reply, note: str, due_on: dt.date | None, now: dt.datetime) -> None:
    _close(row, row.OWED_ACCEPTANCE, Outcome.MET, now)


def _send_back(row: Reply, note: str, due_on: dt.date | None, now: dt.datetime) -> None:
    assert due_on is not None  # noqa: S101 (the table requires it)
    row.due_on, row.answered_at = due_on, None
    _close(row, row.OWED_ACCEPTANCE, Outcome.MET, now)
    owe_reply(row, now=now)


def drop(row: Reply, *, now: dt.datetime) -> None:
    """Let nobody owe anything about `row` any more: it was withdrawn, or the whole is over."""
    for kind in (row.OWED_REPLY, row.OWED_ACCEPTANCE):
        _close(row, kind, Outcome.CANCELLED, now)


def _withdraw(row: Reply, note: str, due_on: dt.date | None, now: dt.datetime) -> None:
    drop(row, now=now)


def _close(row: Reply, kind: str, outcome: Outcome, now: dt.datetime) -> None:
    close_obligations(subject=row, kinds=[kind], outcome=outcome, now=now)


_EFFECTS = {
    "progress": _progress,
    "answer": _answer,
    "accept": _accept,
    "send_back": _send_back,
    "withdraw": _withdraw,
}
