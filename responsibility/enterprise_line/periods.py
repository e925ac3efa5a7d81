"""Whole years of certificates."""

import calendar
import datetime as dt


def years_later(day: dt.date, years: int) -> dt.date:
    """Return the same day `years` later; the last of February where there is no 29th."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))
