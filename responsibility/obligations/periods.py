"""The periods of a rhythm: a day, a week, a month, a quarter, half a year, a year."""

import datetime as dt

from responsibility.obligations.choices import Rhythm

DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6, Rhythm.YEARLY: 12}


def period_of(day: dt.date, rhythm: str) -> tuple[str, dt.date, dt.date]:
    """Return (name, first day, first day of the next one) of the period in which `day` lies.

    A week begins on Monday and is named as ISO 8601 does.
    """
    if rhythm in DAYS:
        length = DAYS[Rhythm(rhythm)]
        first = day - dt.timedelta(days=day.weekday() if length > 1 else 0)
        return f"{first:%G-W%V}" if length > 1 else f"{first}", first, first + dt.timedelta(days=length)
    length = MONTHS[Rhythm(rhythm)]
    first = dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    year, month = divmod(first.month - 1 + length, 12)
    number = (first.month - 1) // length + 1
    name = {1: f"{first:%Y-%m}", 3: f"{first.year}-Q{number}", 6: f"{first.year}-H{number}"}
    return name.get(length, f"{first.year}"), first, dt.date(first.year + year, month + 1, 1)
