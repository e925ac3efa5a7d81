"""Periods in which risk points are checked, and whole years of certificates."""

import calendar
import datetime as dt

from responsibility.obligations.choices import Rhythm

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}


def period_of(day: dt.date, rhythm: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last local day of the period in which `day` lies. A week begins on Monday."""
    if rhythm == Rhythm.DAILY:
        return day, day
    if rhythm == Rhythm.WEEKLY:
        first = day - dt.timedelta(days=day.weekday())
        return first, first + dt.timedelta(days=6)
    length = MONTHS[Rhythm(rhythm)]
    first = day.replace(month=(day.month - 1) // length * length + 1, day=1)
    last = first.month + length - 1
    return first, first.replace(month=last, day=calendar.monthrange(first.year, last)[1])


def years_later(day: dt.date, years: int) -> dt.date:
    """Return the same day `years` later; the last of February where there is no 29th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
