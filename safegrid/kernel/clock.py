"""Instants and local days.

An operation takes `now` once and passes it down. What people call a day is a day in the portal's
time zone; the database stores instants.
"""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone


def now() -> dt.datetime:
    """Return the present instant, aware, to the second or finer."""
    return timezone.now()


def local_date(instant: dt.datetime) -> dt.date:
    """Return the local calendar day on which `instant` falls."""
    return timezone.localtime(instant, timezone.get_default_timezone()).date()


def local_dates(instants: Iterable[dt.datetime | None]) -> list[dt.date | None]:
    """Return `local_date` for each instant, None for none."""
    zone = timezone.get_default_timezone()
    return [None if instant is None else instant.astimezone(zone).date() for instant in instants]


def day_start(day: dt.date) -> dt.datetime:
    """Return the first instant of the local `day`."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=timezone.get_default_timezone())


def day_end(day: dt.date) -> dt.datetime:
    """Return the instant at which the local `day` is over: the first instant of the next one."""
    return day_start(day + dt.timedelta(days=1))


def last_day(instant: dt.datetime) -> dt.date:
    """Return the local day that a deadline at `instant` belongs to.

    A deadline at midnight is the end of the day before, not the start of the day it touches.
    """
    return local_date(instant - dt.timedelta(microseconds=1))
