"""The working calendar: loaded from the published years, assumed beyond, counted by ordinals."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibility.calendars.models import DeadlinePolicy, DeadlineUnit, WorkingDay
from safegrid.kernel import clock
from safegrid.kernel.refusals import Refused


def load(
    *, first: dt.date, last: dt.date, published: Iterable[tuple[dt.date, bool, str]], until: dt.date
) -> int:
    """Write the calendar from `first` to `last` and return the number of days.

    `published` gives (day, works, name) for days that differ from Monday to Friday; days after
    `until`, the end of the last published year, are marked as assumed. Loading again replaces all,
    ordinals included.
    """
    special = {day: (works, name) for day, works, name in published}
    rows, ordinal, day = [], 0, first
    while day <= last:
        works, name = special.get(day, (day.weekday() < 5, ""))
        ordinal += works
        rows.append(WorkingDay(day=day, works=works, ordinal=ordinal, published=day <= until, name=name))
        day += dt.timedelta(days=1)
    with transaction.atomic():
        WorkingDay.objects.all().delete()
        WorkingDay.objects.bulk_create(rows, 2000)
    return len(rows)


def mark_day(day: dt.date, *, works: bool, name: str) -> None:
    """Say that one calendar day is worked or not, and number all working days anew."""
    with transaction.atomic():
        rows = list(WorkingDay.objects.select_for_update().order_by("day"))
        ordinal = rows[0].ordinal - rows[0].works
        for row in rows:
            if row.day == day:
                row.works, row.name, row.published = works, name, True
            ordinal += row.works
            row.ordinal = ordinal
        WorkingDay.objects.all().delete()
        WorkingDay.objects.bulk_create(rows, 2000)


def working_day(start: dt.date, days: int) -> dt.date:
    """Return the `days`-th working day after `start` (0: `start` itself if it is worked, else the next).

    Raise Refused when the calendar does not reach that far.
    """
    ordinal = WorkingDay.objects.filter(day=start).values_list("ordinal", flat=True).first()
    if ordinal is not None:
        found = (
            WorkingDay.objects.filter(works=True, ordinal__gte=ordinal + days, day__gte=start)
            .order_by("day")
            .values_list("day", flat=True)
            .first()
        )
        if found is not None:
            return found
    text = _("The working calendar ends before %(days)s working days after %(day)s.")
    raise Refused(text % {"days": days, "day": date_format(start)})


def policy(code: str, *, on: dt.date) -> DeadlinePolicy:
    """Return the deadline policy `code` in force on the local day `on`; raise Refused when none is."""
    row = DeadlinePolicy.objects.filter(code=code, span__contains=on).first()
    if row is None:
        text = _("No deadline is laid down for “%(code)s” on %(day)s.")
        raise Refused(text % {"code": code, "day": date_format(on)})
    return row


def due_on(rule: DeadlinePolicy, *, start: dt.date) -> dt.date:
    """Return the last local day that `rule` gives to something that begins on `start`."""
    if rule.unit == DeadlineUnit.WORKING:
        return working_day(start, rule.days)
    return start + dt.timedelta(days=rule.days)


def proposed(code: str, *, now: dt.datetime) -> dt.date | None:
    """Return the last day that the policy `code` gives from today, to be proposed; None without a policy."""
    today = clock.local_date(now)
    try:
        return due_on(policy(code, on=today), start=today)
    except Refused:
        return None


def deadline(code: str, *, now: dt.datetime) -> tuple[DeadlinePolicy, dt.datetime]:
    """Return the policy `code` and the instant at which its deadline is over when it starts `now`."""
    today = clock.local_date(now)
    rule = policy(code, on=today)
    return rule, clock.day_end(due_on(rule, start=today))
