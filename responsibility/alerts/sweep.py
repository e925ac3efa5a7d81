"""The sweep: find obligations that need a look, raise alerts, move the next look; open new periods.

One transaction for each batch, in id order, under an advisory lock: two sweeps never meet. An alert is
exactly once by the database's own constraint; how it reaches people is `deliver`'s business.
"""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from responsibility.alerts.ladder import after, due_rung, recipients
from responsibility.alerts.models import Recipient, Tick
from responsibility.alerts.recipients import Recipients
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Duty, Obligation, days_over
from safegrid.kernel import clock
from safegrid.kernel.sockets import Socket

log = logging.getLogger("safegrid.sweep")

SWEEP_LOCK = 0x5EE9
BATCH = 5000  # obligations in one transaction
DUTIES = 500  # in one transaction
POISON_PAUSE = dt.timedelta(minutes=15)  # a row that fails is left alone for so long, times its failures
AT_ONCE = 0  # the rung of what is told when an obligation opens, beside the ladder


#: What upper floors must have done before alerts are raised: given the moment, it changes what is due by then
#: and says how many rows. Safe to repeat.
preludes: Socket[Callable[[dt.datetime], int]] = Socket("what comes before alerts")


class Due(NamedTuple):
    """What the sweep needs to know of an obligation."""

    pk: int
    due_at: dt.datetime
    due_on: dt.date
    rung: int
    announce: list[str]
    is_major: bool
    failures: int
    debtor_post_id: int | None
    debtor_enterprise_id: int | None
    creditor_post_id: int | None
    kind: str


def sweep(*, now: dt.datetime, mail: bool = True) -> int:
    """Raise every alert that is due `now` and return how many were raised. Safe to repeat.

    With `mail` False nothing is handed to delivery: history that is being replayed is not mailed.
    """
    _prepare(now=now)
    open_periods(now=now)
    raised = 0
    while True:
        with transaction.atomic():
            if not _lock():
                return raised
            # A row that somebody acts on just now is left to the next sweep, not overwritten by this one.
            found = (
                Obligation.objects.filter(next_look_at__lte=now, closed_at=None)
                .select_for_update(skip_locked=True)
                .order_by("id")
                .values_list(*Due._fields)[:BATCH]
            )
            rows = [Due(*row) for row in found]
            if not rows:
                break
            raised += _guarded(rows, now=now, mail=mail)
    tick("sweep", now=now)
    return raised


def _prepare(*, now: dt.datetime) -> None:
    """Let upper floors do what comes before alerts; one that fails does not stop the others."""
    for name, prelude in preludes.items():
        try:
            with transaction.atomic():
                prelude(now)
        except Exception:
            log.exception("%s cannot be done before the sweep", name)


def _lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SWEEP_LOCK])
        return bool(cursor.fetchone()[0])


def _guarded(rows: Sequence[Due], *, now: dt.datetime, mail: bool) -> int:
    """Raise for a batch; should one row poison it, take them one by one and leave that one for later."""
    try:
        with transaction.atomic():
            return _raise_for(rows, now=now, mail=mail)
    except Exception:
        if len(rows) > 1:
            return sum(_guarded([row], now=now, mail=mail) for row in rows)
        log.exception("obligation %s cannot be swept", rows[0].pk)
        failures = rows[0].failures + 1
        Obligation.objects.filter(pk=rows[0].pk).update(
            failures=failures, next_look_at=now + POISON_PAUSE * failures
        )
        return 0


def _raise_for(rows: Sequence[Due], *, now: dt.datetime, mail: bool) -> int:
    """Write the alerts of one batch and move each row's next look. A constant number of queries."""
    today = clock.local_date(now)
    told = Recipients(rows, today=today)
    # Deadlines end with days, so most rows of a batch stand before the same step.
    step = cache(partial(_step, now=now))
    inner = {code for code, kind in kinds.items() if kind.is_inner}
    alerts: list[tuple[Any, ...]] = []
    moved: list[tuple[Any, ...]] = []
    for row in rows:
        rung, codes, reached, next_look_at = step(row.rung, row.due_at, row.is_major)
        moved.append((row.pk, reached, next_look_at))
        if row.kind in inner:  # nobody outside of the enterprise is told
            codes = tuple(code for code in codes if code == Recipient.DEBTOR)
        days = days_over(row.due_on, now)
        if row.announce:
            alerts += [(row.pk, row.due_on, AT_ONCE, *who, days) for who in told.of(row, tuple(row.announce))]
        if rung is not None:
            alerts += [(row.pk, row.due_on, rung, *who, days) for who in told.of(row, codes)]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE, {"now": now, "mail": mail, **_columns("moved", moved, 3), **_columns("alert", alerts, 6)}
        )
        return int(cursor.fetchone()[0])


def _step(
    number: int, due_at: dt.datetime, is_major: bool, *, now: dt.datetime
) -> tuple[int | None, tuple[str, ...], int, dt.datetime | None]:
    """Return the rung that fires and who is told on it, the rung that is reached, and when to look again."""
    rung = due_rung(number, due_at, now)
    if rung is None:
        return None, (), number, after(number, due_at)
    codes = tuple(recipients(rung, is_major=is_major))
    return rung.number, codes, rung.number, after(rung.number, due_at)


def _columns(name: str, rows: Sequence[tuple[Any, ...]], width: int) -> dict[str, list[Any]]:
    """Return rows as columns, as `unnest` takes them: name0, name1, …"""
    columns = zip(*rows, strict=True) if rows else [()] * width
    return {f"{name}{number}": list(column) for number, column in enumerate(columns)}


#: One statement writes a batch: what it moves on, whom it tells, and what is to be delivered of it. An alert
#: that is there already keeps its first form.
WRITE = """
    WITH moved AS (
        UPDATE responsibility_obligation AS owed
        SET rung = step.rung, next_look_at = step.next_look_at, announce = '{}'
        FROM unnest(%(moved0)s::bigint[], %(moved1)s::smallint[], %(moved2)s::timestamptz[])
            AS step(id, rung, next_look_at)
        WHERE owed.id = step.id
    ), told AS (
        INSERT INTO responsibility_alert (
            obligation_id, due_on, rung, post_id, holder_id, days_over, raised_at
        )
        SELECT *, %(now)s FROM unnest(
            %(alert0)s::bigint[], %(alert1)s::date[], %(alert2)s::smallint[],
            %(alert3)s::bigint[], %(alert4)s::bigint[], %(alert5)s::smallint[]
        )
        ON CONFLICT DO NOTHING RETURNING id
    ), handed_over AS (
        INSERT INTO responsibility_delivery (alert_id, channel, state, attempts, next_try_at, error)
        SELECT id, 'mail', 'waiting', 0, %(now)s, '' FROM told WHERE %(mail)s
        ON CONFLICT DO NOTHING
    )
    SELECT count(*) FROM told
"""


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
                .order_by("next_opens_at", "id")[:DUTIES]
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
