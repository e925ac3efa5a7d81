"""The one door through which a statement changes its state: signing, countersigning, withdrawing, closing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from responsibility.calendars.services import deadline
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.statements.bodies import signing_posts
from responsibility.statements.choices import Side, StatementState
from responsibility.statements.lifecycle import MACHINE, Actor, actor_for
from responsibility.statements.models import Signature, Statement
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

POLICY = "statement_sign"
PROMISE, RECEIVE = "statement_promise", "statement_receive"
SIDES = {"promise": Side.PROMISER, "receive": Side.RECEIVER}
REASON_LENGTH = 300


def _page(params: dict[str, Any]) -> str:
    return addresses("responsibility:statement", [params["pk"]])[0]


for _code, _title, _button in (
    (
        PROMISE,
        gettext_lazy("Sign the responsibility statement of %(year)s to %(where)s"),
        gettext_lazy("Sign"),
    ),
    (
        RECEIVE,
        gettext_lazy("Countersign the responsibility statement of %(year)s of %(where)s"),
        gettext_lazy("Countersign"),
    ),
):
    kinds.plug(
        _code,
        Kind(
            _code,
            _title,
            _button,
            _page,
            name=gettext_lazy("Responsibility statement"),
            button_url=lambda params: f"{_page(params)}#sign",
        ),
    )


def act(
    *,
    statement: Statement,
    action: str,
    seen: str = "",
    reason: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    is_night: bool = False,
) -> Statement:
    """Apply one action of the lifecycle table and return the statement as it is then.

    `seen` is the hash of the text that the person read and signs. Signing again is harmless. Raise NotAllowed
    when the post may not, Stale when somebody else was faster or the text is another one, Refused when it is
    not possible now, Invalid without a reason where one is needed.
    """
    with transaction.atomic():
        row = _take(statement, actor, is_night=is_night)
        context = Actor(None, None, now, True) if is_night else actor_for(actor, acting_post, now=now)
        if action in SIDES and _has_signed(row, action, context):
            return row
        move = MACHINE.check(row, action, _("Meanwhile this statement has changed; look at it again."))
        if not MACHINE.may(move, row, context):
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        if obstacle := MACHINE.obstacle(move, row, context):
            raise Refused(_("This is not possible yet: %(why)s.") % {"why": obstacle})
        reason = reason.strip()
        if "reason" in move.requires and not reason:
            raise Invalid({"reason": _("Say it in a few words.")})
        before, data = row.state, {}
        if action in SIDES:
            data = _sign(row, SIDES[action], seen, context)
        elif action == "withdraw":
            row.reason = reason[:REASON_LENGTH]
            data = {"reason": row.reason}
        row.state = move.target or row.state
        row.save(update_fields=["state", "promised_at", "received_at", "reason"])
        record(
            row,
            f"statement.{action}",
            actor=None if is_night else actor,
            acting_post=None if is_night else acting_post,
            now=now,
            data={"from": before, "to": row.state, **data},
        )
        _settle(row, action, now=now)
    return row


def _take(statement: Statement, actor: Any, *, is_night: bool) -> Statement:
    """Lock the row, within what the person reaches: two at once act one after the other."""
    rows = Statement.objects.all() if is_night else Statement.objects.visible_to(actor)
    locked = rows.select_for_update(of=("self",)).select_related("receiver", "site", "issued_post")
    row = locked.filter(pk=statement.pk).first()
    if row is None:
        raise NotAllowed
    return row


def _has_signed(row: Statement, action: str, context: Actor) -> bool:
    """Whether this person has signed on this side already."""
    return Signature.objects.filter(statement=row, side=SIDES[action], user=context.user).exists()


def _sign(row: Statement, side: Side, seen: str, context: Actor) -> dict[str, Any]:
    if seen != row.sha256:
        raise Stale(_("This is not the text that you have read. Open it again."))
    try:
        with transaction.atomic():
            Signature.objects.create(
                statement=row,
                side=side,
                user=context.user,
                post=context.post,  # type: ignore[misc]  # whoever may sign has one
                at=context.now,
                sha256=row.sha256,
            )
    except IntegrityError as error:
        raise Stale(_("Meanwhile this statement has changed; look at it again.")) from error
    if side == Side.PROMISER:
        row.promised_at = context.now
    else:
        row.received_at = context.now
    return {"side": side.value, "sha256": row.sha256}


def _settle(row: Statement, action: str, *, now: dt.datetime) -> None:
    """Close what was owed, and let the receiving side owe its signature once the other one has signed."""
    if action == "withdraw":
        close_obligations(subject=row, kinds=(PROMISE, RECEIVE), outcome=Outcome.CANCELLED, now=now)
    elif action == "receive":
        close_obligations(subject=row, kinds=(RECEIVE,), outcome=Outcome.MET, now=now)
    elif action == "promise":
        close_obligations(subject=row, kinds=(PROMISE,), outcome=Outcome.MET, now=now)
        if row.received_at is None:
            _ask_receiver(row, now=now)


def _ask_receiver(row: Statement, *, now: dt.datetime) -> None:
    posts = signing_posts([row.receiver_id], on=clock.local_date(now))
    debtor = posts.get(row.receiver_id, row.issued_post)
    if debtor is None:
        return
    policy, due_at = deadline(POLICY, now=now)
    owed = open_obligation(
        kind=RECEIVE,
        subject=row,
        site=row.site,
        due_at=due_at,
        now=now,
        debtor_post=debtor,
        policy=policy,
        params={
            "pk": row.pk,
            "year": row.year,
            "where": row.body,
            "where_en": row.body_en or row.body,
        },
    )
    if row.site is None:  # it stands where the body does, at no single site
        type(owed).objects.filter(pk=owed.pk).update(**row.place_ids)


def close_year(*, now: dt.datetime) -> int:
    """Close the statements of years that are over and whose last quarter is locked; return how many."""
    year = clock.local_date(now).year
    done = 0
    over = Statement.objects.filter(year__lt=year)
    locked = over.filter(state=StatementState.IN_FORCE, scores__quarter=4, scores__locked_at__isnull=False)
    for row in locked.distinct().order_by("pk"):
        act(statement=row, action="close", actor=None, acting_post=None, now=now, is_night=True)
        done += 1
    return done
