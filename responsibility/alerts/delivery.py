"""Deliveries: claim by compare-and-swap with a lease, send, record.

An alert is written once; a mail is sent at least once: a process that dies between handing the mail
over and recording it leaves a lease, and when that runs out the mail goes again. That is the one window.
"""

import datetime as dt
import logging
import time

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import translation

from responsibility.alerts.models import Delivery, DeliveryState
from responsibility.alerts.sweep import tick
from responsibility.alerts.wording import body, subject

log = logging.getLogger("safegrid.delivery")

LEASE = dt.timedelta(minutes=5)
PATIENCE = 120  # seconds after which a batch ends, well within the lease of its last mail
BACK_OFF = dt.timedelta(minutes=1)  # doubled at every failure
ATTEMPTS = 6
BATCH = 200


def deliver(*, now: dt.datetime) -> int:
    """Send every delivery that is due `now` and return how many were sent.

    While the mail server cannot be reached, deliveries wait as they are and the OSError goes on to
    the caller: the work counts as not done, and `/healthz` shows that it has not ticked.
    """
    due = Delivery.objects.filter(next_try_at__lte=now).order_by("next_try_at", "id")
    waiting = list(due.values_list("pk", "attempts")[:BATCH])
    sent = 0
    if waiting:
        began = time.monotonic()
        with get_connection() as mailer:
            for pk, attempts in waiting:
                if time.monotonic() - began > PATIENCE:
                    break
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


def _send(pk: int, mailer: BaseEmailBackend, *, now: dt.datetime) -> bool:
    """Send one mail that was claimed; whatever goes wrong with it stays with it."""
    row = Delivery.objects.select_related(
        "alert__holder", "alert__post", "alert__obligation__site", "alert__obligation__enterprise"
    ).get(pk=pk)
    holder = row.alert.holder
    if holder is None or not holder.email:
        return _give_up(row, "no mail address")
    if row.attempts > ATTEMPTS:
        return _give_up(row, row.error or "the process ended while sending")
    try:
        with translation.override(holder.language):
            mail = EmailMessage(subject(row.alert), body(row.alert), to=[holder.email], connection=mailer)
        mail.send()
    except Exception as error:
        log.warning("delivery %s failed: %s", pk, error, exc_info=not isinstance(error, OSError))
        if row.attempts >= ATTEMPTS:
            return _give_up(row, str(error))
        row.state, row.error = DeliveryState.WAITING, str(error)[:300]
        row.next_try_at = now + BACK_OFF * 2 ** (row.attempts - 1)
        row.save(update_fields=["state", "error", "next_try_at"])
        mailer.close()  # the next mail opens it anew
        return False
    row.state, row.sent_at, row.next_try_at, row.error = DeliveryState.SENT, now, None, ""
    row.save(update_fields=["state", "sent_at", "next_try_at", "error"])
    return True


def _give_up(row: Delivery, why: str) -> bool:
    row.state, row.error, row.next_try_at = DeliveryState.FAILED, why[:300], None
    row.save(update_fields=["state", "error", "next_try_at"])
    return False
