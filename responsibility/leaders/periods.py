"""The rhythm of leaders' duties: a period opens one obligation; what was left of the last lapses in sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from responsibility.leaders.choices import DeedKind, PeriodState
from responsibility.leaders.elsewhere import Led, elsewhere
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderPeriod, Wing
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Duty, Obligation
from responsibility.obligations.periods import period_of
from responsibility.obligations.services import about, close_obligations, open_obligation
from safegrid.audit.services import record
from safegrid.grid.choices import EnterpriseStatus
from safegrid.kernel import clock
from safegrid.kernel.refusals import Refused

CHECK, CONTACT = DeedKind.CHECK, DeedKind.CONTACT


def kind_of(deed: str) -> str:
    """Return the kind of obligation and of rhythm behind a kind of deed."""
    return f"leader_{deed}"


def open_period(*, duty: Duty, now: dt.datetime) -> LeaderPeriod | None:
    """Open the period that `now` lies in, and lapse what was left of the last; return it.

    What is owed is what the duty says on this day; a change of it counts from the next period on. None
    when nothing is owed: then the rhythm rests, or looks again when the present period would be over. No
    visit is owed where no enterprise is under the wing.
    Called by the sweep for a duty whose time has come; repeating it changes nothing.
    """
    leader = Leader.objects.select_related("post").filter(post=duty.post_id).first()
    if leader is None:
        raise Refused(_("This is no leading post."))
    deed = duty.kind.removeprefix("leader_")
    today = clock.local_date(now)
    with transaction.atomic():
        Leader.objects.select_for_update(of=("self",)).get(pk=leader.pk)
        ours = LeaderDuty.objects.filter(leader=leader, kind=deed)
        owes = ours.filter(span__contains=today).first()
        running = LeaderPeriod.objects.filter(leader=leader, kind=deed, is_current=True).first()
        if running is not None and running.due_at > now:
            duty.next_opens_at = running.due_at
            duty.save(update_fields=["next_opens_at"])
            return running
        lapsed = _end(running, now=now) if running is not None else False
        row = None
        if owes is None:
            later = ours.filter(span__startswith__gt=today).order_by("span").first()
            duty.next_opens_at = clock.day_start(later.span.lower) if later else None
        else:
            name, first, following = period_of(today, owes.rhythm)
            duty.rhythm = owes.rhythm
            duty.next_opens_at = clock.day_start(following)
            has_whom = deed != CONTACT or under_wing(today).filter(leader=leader).exists()
            if owes.number and has_whom:
                row = _open(leader, owes, duty, name, first, following, after_lapse=lapsed, now=now)
        duty.save(update_fields=["rhythm", "next_opens_at"])
    return row


def _open(
    leader: Leader,
    owes: LeaderDuty,
    duty: Duty,
    name: str,
    first: dt.date,
    following: dt.date,
    *,
    after_lapse: bool,
    now: dt.datetime,
) -> LeaderPeriod:
    row, created = LeaderPeriod.objects.get_or_create(
        leader=leader,
        kind=owes.kind,
        name=name,
        defaults={
            "first_on": first,
            "last_on": following - dt.timedelta(days=1),
            "opened_at": now,
            "due_at": clock.day_start(following),
            "duty": duty,
            "owed": owes.number,
            "after_lapse": after_lapse,
        },
    )
    if not created and row.state == PeriodState.CANCELLED:  # an enterprise is under the wing again
        row.state, row.is_current = PeriodState.RUNNING, True
        row.save(update_fields=["state", "is_current"])
    _owe(row, leader, now=now)
    if owes.kind == CHECK:
        take_in([leader], first, clock.local_date(now), now=now)
    count(row, now=now)
    return row


def _owe(row: LeaderPeriod, leader: Leader, *, now: dt.datetime) -> None:
    """Let the post owe what the period asks for."""
    owed = open_obligation(
        kind=kind_of(row.kind),
        subject=row,
        site=None,
        debtor_post=leader.post,
        due_at=row.due_at,
        duty=row.duty,
        params=_params(row, leader),
        now=now,
    )
    Obligation.objects.filter(pk=owed.pk).update(**leader.place_ids)


def _params(row: LeaderPeriod, leader: Leader) -> dict[str, Any]:
    return {
        "post": leader.post_id,
        "deed": row.kind,
        "period": row.name,
        "done": row.done,
        "owed": row.owed,
    }


def _end(row: LeaderPeriod, *, now: dt.datetime) -> bool:
    """Let a period that is over be no longer the present one; return whether it lapsed undone."""
    row.is_current, row.behind_at = False, None
    if row.state == PeriodState.RUNNING:
        row.state = PeriodState.LAPSED
        close_obligations(subject=row, kinds=[kind_of(row.kind)], outcome=Outcome.LAPSED, now=now)
        data = {"done": row.done, "owed": row.owed}
        record(row, "leader_period.lapse", actor=None, acting_post=None, now=now, data=data)
    row.save(update_fields=["is_current", "behind_at", "state"])
    return row.state == PeriodState.LAPSED


def under_wing(day: dt.date) -> QuerySet[Wing]:
    """Return what is under a wing on a day and can be visited: a closed enterprise cannot."""
    return Wing.objects.filter(span__contains=day).exclude(enterprise__status=EnterpriseStatus.CLOSED)


def follow_wings(*, now: dt.datetime, leader: Leader | None = None) -> None:
    """Let visits be owed by whoever has an enterprise under the wing, and no longer by whoever has none.

    Of every leading post, or of `leader`. The sweep opens what is due. Safe to repeat.
    """
    today = clock.local_date(now)
    winged = under_wing(today).values("leader")
    of = Q() if leader is None else Q(leader=leader)
    current = LeaderPeriod.objects.filter(of, kind=CONTACT, is_current=True)
    with transaction.atomic():
        bare = current.filter(state=PeriodState.RUNNING).exclude(leader__in=winged)
        for row in bare.select_for_update(of=("self",)).order_by("pk"):
            row.state, row.is_current, row.behind_at = PeriodState.CANCELLED, False, None
            row.save(update_fields=["state", "is_current", "behind_at"])
            close_obligations(subject=row, kinds=[kind_of(CONTACT)], outcome=Outcome.CANCELLED, now=now)
            record(row, "leader_period.cancel", actor=None, acting_post=None, now=now)
        owing = LeaderDuty.objects.filter(
            of, kind=CONTACT, number__gt=0, span__contains=today, leader__in=winged
        ).exclude(leader__in=current.values("leader"))
        Duty.objects.filter(
            kind=kind_of(CONTACT), post__in=owing.values("leader__post"), next_opens_at__gt=now
        ).update(next_opens_at=now)


def take_in(
    leaders: Collection[Leader], first: dt.date, last: dt.date, *, now: dt.datetime
) -> list[LeaderDeed]:
    """Keep what upper floors know that `leaders` led from one day up to and with another; return what is new.

    What was cancelled here stays so: it is not taken in again.
    """
    by_post = {leader.post_id: leader for leader in leaders}
    fresh: list[LeaderDeed] = []
    for plug in elsewhere:
        led = list(plug.led(list(by_post), first, last))
        if not led:
            continue
        known = set(
            LeaderDeed.objects.filter(
                leader__in=by_post.values(), source__in=[each.source for _post, each in led]
            ).values_list("leader", "source")
        )
        for post, each in led:
            if (by_post[post].pk, each.source) not in known:
                fresh.append(of_led(by_post[post], each, kind=CHECK, now=now))
    return LeaderDeed.objects.bulk_create(fresh)


def of_led(leader: Leader, led: Led, *, kind: str, now: dt.datetime, **more: Any) -> LeaderDeed:
    """Return the deed of a check that is kept elsewhere, unsaved."""
    return LeaderDeed(
        leader=leader,
        kind=kind,
        day=led.day,
        where=led.where[:120],
        site_id=led.site_id,
        source=led.source,
        source_number=led.number,
        recorded_at=now,
        **more,
    )


def notice(*, posts: Collection[int], day: dt.date, now: dt.datetime) -> None:
    """Count a check that an upper floor has just recorded for `posts` on the local `day`.

    Called in the transaction of its record; posts that lead nothing cost one query.
    """
    leaders = list(Leader.objects.filter(post__in=posts).select_related("post"))
    if leaders and take_in(leaders, day, day, now=now):
        for leader in leaders:
            count_day(leader, CHECK, day, now=now)


def count_day(leader: Leader, kind: str, day: dt.date, *, now: dt.datetime) -> None:
    """Count anew the periods in which `day` lies."""
    inside = LeaderPeriod.objects.filter(leader=leader, kind=kind, first_on__lte=day, last_on__gte=day)
    for row in inside.select_for_update(of=("self",)).select_related("leader__post").order_by("pk"):
        count(row, now=now)


def count(row: LeaderPeriod, *, now: dt.datetime) -> None:
    """Count what was done in a period; close what is owed when it is enough, or open it again when it is not.

    A period that lapsed stays lapsed: what is recorded afterwards shows beside it. One that was done and is
    over lapses when a deed of it is cancelled.
    """
    row.done = LeaderDeed.objects.filter(
        leader=row.leader_id,
        kind=row.kind,
        day__range=(row.first_on, row.last_on),
        cancelled_at=None,
    ).count()
    is_over = row.due_at <= now
    if row.state == PeriodState.RUNNING and row.done >= row.owed:
        row.state = PeriodState.MET
        close_obligations(subject=row, kinds=[kind_of(row.kind)], outcome=Outcome.MET, now=now)
        record(row, "leader_period.met", actor=None, acting_post=None, now=now, data={"done": row.done})
    elif row.state == PeriodState.MET and row.done < row.owed:
        row.state = PeriodState.RUNNING if row.is_current and not is_over else PeriodState.LAPSED
        data = {"done": row.done, "owed": row.owed, "state": row.state}
        record(row, "leader_period.reopen", actor=None, acting_post=None, now=now, data=data)
        if row.state == PeriodState.LAPSED:
            _told_after(row)
    row.behind_at = row.behind_from() if row.state == PeriodState.RUNNING else None
    row.save(update_fields=["done", "state", "behind_at"])
    if row.state == PeriodState.RUNNING and not is_over:
        leader = Leader.objects.select_related("post").get(pk=row.leader_id)
        if not about(row).filter(closed_at=None).update(params=_params(row, leader)):
            _owe(row, leader, now=now)


def _told_after(row: LeaderPeriod) -> None:
    """Say on the period after it that this one lapsed."""
    LeaderPeriod.objects.filter(
        leader=row.leader_id, kind=row.kind, first_on=row.last_on + dt.timedelta(days=1)
    ).update(after_lapse=True)
