"""Deliveries: claim by compare-and-swap with a lease, send, record.

An alert is written once; a mail is sent at least once: a process that dies between handing the mail
over and recording it leaves a lease, and when that runs out the mail goes again. That is the one window.
"""

import datetime as dt
import logging

from django.core.mail import EmailMessage, get_connection
from django.db.models import F
from django.utils import translation

from responsibility.alerts.models import Delivery, DeliveryState
from responsibility.alerts.sweep import tick
from responsibility.alerts.wording import body, subject

log = logging.getLogger("safegrid.delivery")

LEASE = dt.timedelta(minutes=5)
BACK_OFF = dt.timedelta(minutes=1)  # doubled at every failure
ATTEMPTS = 6
BATCH = 200


def deliver(*, now: dt.datetime) -> int:
    """Send every delivery that is due `now` and return how many were sent."""
    sent = 0
    waiting = Delivery.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
    with get_connection() as mailer:
        for pk, attempts in list(waiting.values_list("pk", "attempts")[:BATCH]):
            if _claim(pk, attempts, now=now):
                sent += _send(pk, mailer, now=now)
    tick("deliver", now=now)
    return sent


def _claim(pk: int, attempts: int, *, now: dt.datetime) -> bool:
    """Take a delivery, unless somebody else took it since it was read."""
    return bool(
        Delivery.objects.filter(pk=pk, attempts=attempts, next_try_at__lte=now).update(
            state=DeliveryState.SENDING, attempts=F("attempts") + 1, next_try_at=now + LEASE
        )
    )


def _send(pk: int, mailer: object, *, now: dt.datetime) -> bool:
    row = Delivery.objects.select_related("alert__obligation__site__enterprise", "alert__holder").get(pk=pk)
    alert = row.alert
    if alert.holder is None or not alert.holder.email:
        return _end(row, "no mail address")
    try:
        with translation.override(alert.holder.language):
            EmailMessage(
                subject(alert),
                body(alert),
                to=[alert.holder.email],
                connection=mailer,  # type: ignore[arg-type]
            ).send()
    except OSError as error:  # what a mail server does: refused, timed out, closed
        log.warning("delivery %s failed: %s", pk, error)
        if row.attempts >= ATTEMPTS:
            return _end(row, str(error))
        row.state, row.error = DeliveryState.WAITING, str(error)[:300]
        row.next_try_at = now + BACK_OFF * 2 ** (row.attempts - 1)
        row.save(update_fields=["state", "error", "next_try_at"])
        return False
    row.state, row.sent_at, row.next_try_at, row.error = DeliveryState.SENT, now, None, ""
    row.save(update_fields=["state", "sent_at", "next_try_at", "error"])
    return True


def _end(row: Delivery, why: str) -> bool:
    """Give up visibly."""
    row.state, row.error, row.next_try_at = DeliveryState.FAILED, why[:300], None
    row.save(update_fields=["state", "error", "next_try_at"])
    return False
