"""The sweep: find obligations that need a look, raise alerts, move the next look; open new periods.

One transaction for each batch, in id order, under an advisory lock: two sweeps never meet. An alert is
exactly once by the database's own constraint; how it reaches people is `deliver`'s business.
"""

import datetime as dt
import logging

from django.db import connection, transaction
from django.db.models import F

from responsibility.alerts.ladder import after, due_rung, recipients
from responsibility.alerts.models import Alert, Channel, Delivery, Tick
from responsibility.alerts.recipients import Recipients
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Duty, Obligation
from safegrid.kernel import clock

log = logging.getLogger("safegrid.sweep")

SWEEP_LOCK = 0x5EE9
BATCH = 500  # obligations in one transaction
POISON_PAUSE = dt.timedelta(minutes=15)  # a row that fails is left alone for so long, times its failures
AT_ONCE = 0  # the rung of what is told when an obligation opens, beside the ladder


def sweep(*, now: dt.datetime, mail: bool = True) -> int:
    """Raise every alert that is due `now` and return how many were raised. Safe to repeat.

    With `mail` False nothing is handed to delivery: history that is being replayed is not mailed.
    """
    open_periods(now=now)
    raised = 0
    while True:
        with transaction.atomic():
            if not _lock():
                return raised
            # A row that somebody acts on just now is left to the next sweep, not overwritten by this one.
            rows = list(
                Obligation.objects.filter(next_look_at__lte=now, closed_at=None)
                .select_for_update(skip_locked=True)
                .order_by("id")[:BATCH]
            )
            if not rows:
                break
            raised += _guarded(rows, now=now, mail=mail)
    tick("sweep", now=now)
    return raised


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _guarded(rows: list[Obligation], *, now: dt.datetime, mail: bool) -> int:
    """Raise for a batch; should one row poison it, take them one by one and leave that one for later."""
    try:
        with transaction.atomic():
            return _raise_for(rows, now=now, mail=mail)
    except Exception:
        if len(rows) > 1:
            fresh = [[Obligation.objects.get(pk=row.pk)] for row in rows]
            return sum(_guarded(single, now=now, mail=mail) for single in fresh)
        log.exception("obligation %s cannot be swept", rows[0].pk)
        failures = rows[0].failures + 1
        Obligation.objects.filter(pk=rows[0].pk).update(
            failures=failures, next_look_at=now + POISON_PAUSE * failures
        )
        return 0


def _raise_for(rows: list[Obligation], *, now: dt.datetime, mail: bool) -> int:
    """Write the alerts of one batch and move each row's next look. A constant number of queries."""
    told = Recipients(rows, today=clock.local_date(now))
    alerts: list[Alert] = []
    for row in rows:
        due: list[tuple[int, list[str]]] = [(AT_ONCE, row.announce)] if row.announce else []
        rung = due_rung(row.rung, row.due_at, now)
        if rung is not None:
            due.append((rung.number, recipients(rung, is_major=row.is_major)))
            row.rung = rung.number
        alerts += [
            Alert(
                obligation=row,
                due_on=row.due_on,
                rung=number,
                post_id=post,
                holder_id=person,
                raised_at=now,
                days_over=row.days_over(now),
            )
            for number, codes in due
            for post, person in told.of(row, codes)
        ]
        row.announce, row.next_look_at = [], after(row.rung, row.due_at)
    Obligation.objects.bulk_update(rows, ["rung", "announce", "next_look_at"])
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    # What is already there keeps its first form; deliveries are made for what is now in the table.
    written = Alert.objects.filter(obligation__in=rows, raised_at=now)
    if mail:
        Delivery.objects.bulk_create(
            (Delivery(alert=alert, channel=Channel.MAIL, next_try_at=now) for alert in written),
            ignore_conflicts=True,
        )
    return written.count()


def open_periods(*, now: dt.datetime) -> int:
    """Let every duty whose time has come open its next obligation; return how many were opened."""
    opened = 0
    while True:
        with transaction.atomic():
            if not _lock():
                return opened
            duties = list(
                Duty.objects.filter(next_opens_at__lte=now)
                .select_related("site__enterprise", "enterprise", "post")
                .order_by("next_opens_at", "id")[:BATCH]
            )
            opened += sum(_open(duty, now=now) for duty in duties)
        if not duties:
            return opened


def _open(duty: Duty, *, now: dt.datetime) -> bool:
    """Open the period of one duty; one that fails is left for later and does not stop the others."""
    try:
        with transaction.atomic():
            opener = kinds[duty.kind].open_period
            if opener is None:
                raise LookupError(f"{duty.kind} has no rhythm")
            opener(duty=duty, now=now)
            if Duty.objects.filter(pk=duty.pk, next_opens_at__lte=now).exists():
                raise LookupError(f"{duty.kind} does not move its duty on")
    except Exception:
        log.exception("duty %s cannot be opened", duty.pk)
        Duty.objects.filter(pk=duty.pk).update(
            failures=F("failures") + 1, next_opens_at=now + POISON_PAUSE * (duty.failures + 1)
        )
        return False
    return True


def tick(name: str, *, now: dt.datetime) -> None:
    """Remember that the periodic work `name` has just run to its end."""
    Tick.objects.update_or_create(name=name, defaults={"at": now})
