"""The verbs on leaders' duties: setting one by hand, recording, correcting, cancelling, the wing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from responsibility.leaders.choices import DeedKind
from responsibility.leaders.elsewhere import Led
from responsibility.leaders.lifecycle import Context, is_at_once, lifecycle, may_record
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, Wing
from responsibility.leaders.periods import count_day, follow_wings, of_led
from responsibility.leaders.policies import set_going, told
from responsibility.leaders.queries import LONG_AGO
from responsibility.obligations.choices import Rhythm
from responsibility.posts.staffing import stands_over
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record, record_many
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

REASON_LENGTH = 300
MOST = 366  # of one kind in one period: more is a slip of the finger
AT_A_TIME = 200  # enterprises given to a wing in one act


def may_direct(leader: Leader, post: Post | None) -> bool:
    """Whether `post` says what `leader` owes and looks after.

    The committee's office, and the head of a place in which it acts; nobody for themselves.
    """
    if post is None or (post.pk == leader.post_id and post.kind != PostKind.OFFICE):
        return False
    return stands_over(post, leader.post)


def set_duty(
    *,
    leader: Leader,
    kind: str,
    number: int,
    rhythm: str,
    since: dt.date,
    until: dt.date | None = None,
    basis: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> LeaderDuty:
    """Let `leader` owe `number` deeds of `kind` in each period of `rhythm`, and return what is laid down.

    It holds from the local day `since`, today or later, up to and without `until`, and goes before every
    policy; 0 frees the post. What is running keeps its number: a change counts from the next period on.
    Sent twice, it is laid down once. Raise NotAllowed for whoever may not, Invalid for what cannot be.
    """
    with transaction.atomic():
        row = _locked(leader, actor)
        if not may_direct(row, acting_post):
            raise NotAllowed
        wrong: dict[str, str] = {}
        if kind not in DeedKind.values:
            wrong["kind"] = _("There is no such duty.")
        if rhythm not in Rhythm.values:
            wrong["rhythm"] = _("There is no such period.")
        if not 0 <= number <= MOST:
            wrong["number"] = _("Give a number from 0 to %(most)s.") % {"most": MOST}
        if since < clock.local_date(now):
            wrong["since"] = _("It begins today or later.")
        if until is not None and until <= since:
            wrong["until"] = _("It would end before it begins.")
        if not basis.strip():
            wrong["basis"] = _("Name the document or decision that it rests on.")
        if wrong:
            raise Invalid(wrong)
        span = DateRange(since, until)
        wanted = {"number": number, "rhythm": rhythm, "span": span, "basis": basis.strip()}
        ours = LeaderDuty.objects.filter(leader=row, kind=kind)
        same = ours.filter(**wanted, policy=None).first()
        if same is not None:
            return same
        for other in ours.filter(span__overlap=span).select_for_update(of=("self",)).order_by("span"):
            _give_way(other, span)
        new = LeaderDuty.objects.create(leader=row, kind=kind, set_by=acting_post, **wanted)
        record(row, "leader_duty.set", actor=actor, acting_post=acting_post, now=now, data=told(new))
        set_going([row], now=now)
    return new


def _give_way(other: LeaderDuty, span: Any) -> None:
    """Let what was laid down before end where the new begins; what began later is replaced."""
    if other.span.lower < span.lower:
        other.span = DateRange(other.span.lower, span.lower)
        other.save(update_fields=["span"])
    elif span.upper is not None and (other.span.upper is None or other.span.upper > span.upper):
        other.span = DateRange(span.upper, other.span.upper)
        other.save(update_fields=["span"])
    else:
        other.delete()


@dataclass(frozen=True)
class Done:
    """What somebody says was done."""

    day: dt.date
    what: str = ""
    where: str = ""
    found: int = 0
    fixed: int = 0
    evidence: str = ""
    enterprise_id: int | None = None  # whom a visit under the wing was to


def record_deed(
    *,
    token: uuid.UUID,
    leader: Leader,
    kind: str,
    done: Done,
    led: Led | None = None,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> LeaderDeed:
    """Keep what `leader` did and count it; return it. `token` is the form's: sent twice, kept once.

    With `led`, a check that an upper floor has kept already, day, place and figures are those of it, and
    nothing is typed again. A visit under the wing names an enterprise that was under it on that day. Raise
    NotAllowed for whoever may not record for this post, Invalid naming the field.
    """
    if (known := _known(token, actor)) is not None:
        return known
    try:
        with transaction.atomic():
            row = _locked(leader, actor)
            if not may_record(row, acting_post):
                raise NotAllowed
            if kind not in DeedKind.values:
                raise Invalid({"kind": _("There is no such duty.")})
            who = {"token": token, "recorded_by": actor, "recorded_post": acting_post}
            if led is not None:
                deed = of_led(row, led, kind=kind, now=now, **who)
                there = LeaderDeed.objects.filter(leader=row, source=led.source, cancelled_at=None).exists()
                if there:
                    raise Invalid({"visit": _("This visit is counted already.")})
                deed.what, deed.evidence = done.what.strip(), done.evidence.strip()
                if kind == DeedKind.CONTACT:
                    deed.enterprise_id = _visited(row, led)
            else:
                _check(row, kind, done, now=now)
                deed = LeaderDeed(leader=row, kind=kind, recorded_at=now, **who, **_stripped(done))
            deed.save()
            data = {"kind": kind, "day": deed.day, "found": deed.found, "fixed": deed.fixed}
            data |= {"source": deed.source} if deed.source else {"what": deed.what}
            record(deed, "leader_deed.record", actor=actor, acting_post=acting_post, now=now, data=data)
            count_day(row, kind, deed.day, now=now)
    except IntegrityError:
        # The same form sent twice at the same moment: the other one is kept.
        if (known := _known(token, actor)) is None:
            raise
        return known
    return deed


def _visited(leader: Leader, led: Led) -> int:
    """Return the enterprise that a visit kept elsewhere was to; raise Invalid for one not under the wing."""
    enterprise = Site.objects.values_list("enterprise", flat=True).get(pk=led.site_id)
    if not _was_under_wing(leader, enterprise, led.day):
        raise Invalid({"visit": _("This visit was to no enterprise that was under the wing on that day.")})
    return enterprise


def _was_under_wing(leader: Leader, enterprise: int | None, day: dt.date) -> bool:
    return Wing.objects.filter(leader=leader, enterprise=enterprise, span__contains=day).exists()


def _known(token: uuid.UUID, actor: Any) -> LeaderDeed | None:
    return LeaderDeed.objects.filter(token=token, recorded_by=actor).first()


def _locked(leader: Leader, actor: Any) -> Leader:
    """Lock the leading post and return it, if `actor` reaches it; raise NotAllowed otherwise."""
    row = (
        Leader.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("post__unit__district")
        .filter(pk=leader.pk)
        .first()
    )
    if row is None:
        raise NotAllowed
    return row


def _stripped(done: Done) -> dict[str, Any]:
    given = {each.name: getattr(done, each.name) for each in fields(done)}
    return {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}


def _check(leader: Leader, kind: str, done: Done, *, now: dt.datetime) -> None:
    wrong: dict[str, str] = {}
    today = clock.local_date(now)
    if done.day > today:
        wrong["day"] = _("This day lies ahead.")
    elif done.day < today - LONG_AGO:
        wrong["day"] = _("This is more than a year ago. Look at the year.")
    if not done.what.strip():
        wrong["what"] = _("Say in a few words what was done.")
    is_contact = kind == DeedKind.CONTACT
    if is_contact and not _was_under_wing(leader, done.enterprise_id, done.day):
        wrong["enterprise"] = _(
            "Choose the enterprise that was visited, one that was under the wing that day."
        )
    elif not is_contact and done.enterprise_id is not None:
        wrong["enterprise"] = _("Only a visit under the wing names an enterprise.")
    if done.fixed > done.found:
        wrong["fixed"] = _("No more can be fixed than were found.")
    if wrong:
        raise Invalid(wrong)


def _taken(deed: LeaderDeed, actor: Any) -> LeaderDeed:
    """Lock the deed and return it as it is now."""
    _locked(deed.leader, actor)
    return (
        LeaderDeed.objects.select_for_update(of=("self",))
        .select_related("leader__post__unit__district")
        .get(pk=deed.pk)
    )


def _move(row: LeaderDeed, action: str, context: Context) -> None:
    move = lifecycle.find(row, action)
    if move is None:
        raise Stale(_("This has been cancelled meanwhile."))
    if not lifecycle.may(move, row, context):
        raise NotAllowed
    if reason := lifecycle.obstacle(move, row, context):
        raise Invalid({"what": reason})


def correct_deed(
    *,
    deed: LeaderDeed,
    done: Done,
    reason: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> LeaderDeed:
    """Correct what was recorded and return it; both periods are counted anew when the day moves.

    Whoever recorded it mends a slip within minutes. Afterwards a reason is needed, and the page shows what
    stood there before. Nothing that is the same is a correction. Raise Stale when it was cancelled.
    """
    with transaction.atomic():
        row = _taken(deed, actor)
        context = Context(actor, acting_post, now)
        _move(row, "correct", context)
        _check(row.leader, row.kind, done, now=now)
        new = _stripped(done)
        old = {name: getattr(row, name) for name in new}
        if new == old:
            return row
        at_once = is_at_once(row, context)
        if not at_once:
            if not reason.strip():
                raise Invalid({"reason": _("Say why it is corrected.")})
            before = {name: value for name, value in old.items() if value != new[name]}
            before = {n: v.isoformat() if isinstance(v, dt.date) else v for n, v in before.items()}
            if before.pop("enterprise_id", None) is not None and row.enterprise is not None:
                before["enterprise"] = row.enterprise.name
            entry = {"at": now.isoformat(), "reason": reason.strip()[:REASON_LENGTH], "before": before}
            row.earlier = [*row.earlier, entry]
        for name, value in new.items():
            setattr(row, name, value)
        row.save()
        data = {"before": old, "after": new, "reason": reason.strip(), "at_once": at_once}
        record(row, "leader_deed.correct", actor=actor, acting_post=acting_post, now=now, data=data)
        for day in {old["day"], row.day}:
            count_day(row.leader, row.kind, day, now=now)
    return row


def cancel_deed(
    *, deed: LeaderDeed, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> LeaderDeed:
    """Let what was recorded no longer count, for a reason; it stays on the page. Return it.

    Raise Invalid without a reason, Stale when it has been cancelled already.
    """
    with transaction.atomic():
        row = _taken(deed, actor)
        _move(row, "cancel", Context(actor, acting_post, now))
        if not reason.strip():
            raise Invalid({"reason": _("Say why it does not count.")})
        row.cancelled_at, row.cancelled_by = now, actor
        row.cancel_reason = reason.strip()[:REASON_LENGTH]
        row.save(update_fields=["cancelled_at", "cancelled_by", "cancel_reason"])
        data = {"reason": row.cancel_reason}
        record(row, "leader_deed.cancel", actor=actor, acting_post=acting_post, now=now, data=data)
        count_day(row.leader, row.kind, row.day, now=now)
    return row


def take_under_wing(
    *,
    leader: Leader,
    enterprises: Iterable[Enterprise],
    since: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> int:
    """Put enterprises that the actor reaches under the wing of `leader` from a local day on.

    Return how many are new; those that are there already stay as they are. Raise NotAllowed for whoever may
    not, Invalid for none, too many, or one out of reach.
    """
    with transaction.atomic():
        row = _locked(leader, actor)
        if not may_direct(row, acting_post):
            raise NotAllowed
        ids = {each.pk for each in enterprises}
        if not ids:
            raise Invalid({"enterprises": _("Choose at least one enterprise.")})
        if len(ids) > AT_A_TIME:
            raise Invalid({"enterprises": _("Choose up to %(n)s at a time.") % {"n": AT_A_TIME}})
        if Enterprise.objects.visible_to(actor).filter(pk__in=ids).count() < len(ids):
            raise Invalid({"enterprises": _("One of these is not yours to give.")})
        span = DateRange(since, None)
        there = Wing.objects.filter(leader=row, enterprise__in=ids, span__overlap=span)
        fresh = sorted(ids - set(there.values_list("enterprise", flat=True)))
        Wing.objects.bulk_create(
            Wing(leader=row, enterprise_id=pk, span=span, given_by=acting_post) for pk in fresh
        )
        if fresh:
            data = {"enterprises": fresh, "since": since}
            deeds = [Deed(row, "wing.give", data)]
            record_many(deeds, actor=actor, acting_post=acting_post, now=now)
            follow_wings(now=now, leader=row)
    return len(fresh)


def let_go(*, wing: Wing, on: dt.date, actor: Any, acting_post: Post | None, now: dt.datetime) -> Wing:
    """Let an enterprise be no longer under the wing from the local day `on`; the row stays. Return it.

    What has not begun by then is taken away altogether. Raise Stale when it has ended already.
    """
    with transaction.atomic():
        leader = _locked(wing.leader, actor)
        if not may_direct(leader, acting_post):
            raise NotAllowed
        row = Wing.objects.select_for_update().filter(pk=wing.pk).first()
        if row is None or (row.span.upper is not None and row.span.upper <= on):
            raise Stale(_("This has ended already."))
        data = {"enterprise": row.enterprise_id, "on": on}
        record(leader, "wing.end", actor=actor, acting_post=acting_post, now=now, data=data)
        if on <= row.span.lower:
            row.delete()
        else:
            row.span = DateRange(row.span.lower, on)
            row.save(update_fields=["span"])
        follow_wings(now=now, leader=leader)
    return row
