"""Deadlines in words."""

import datetime as dt
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext


def days_over_text(days: int | None) -> str:
    """Return "3 days over", "due today" or "due in 2 days" for a number of days over."""
    return "" if days is None else _in_words(days, get_language())


@lru_cache(maxsize=2000)
def _in_words(days: int, language: str | None) -> str:
    """Return the words in `language`, the reader's; every page has the same few."""
    if days > 0:
        return ngettext("%(n)s day over", "%(n)s days over", days) % {"n": days}
    if days == 0:
        return gettext("due today")
    return ngettext("due in %(n)s day", "due in %(n)s days", -days) % {"n": -days}


def late_text(days: int) -> str:
    """Return how late something is whose deadline has passed: "3 days over", "overdue since today"."""
    return days_over_text(days) if days > 0 else gettext("overdue since today")


def until(day: dt.date | None) -> bool:
    """Return whether a date is a real deadline and not the sentinel for none."""
    return day is not None and day.year < 9000
