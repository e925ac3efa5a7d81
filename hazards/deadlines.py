"""Deadlines of a hazard: proposed from the policy table, or a day of one's own within reason."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from hazards.choices import Road
from hazards.grading.models import default_deadline
from hazards.models import Hazard
from responsibility.calendars import services as calendar
from responsibility.calendars.models import DeadlinePolicy
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Refused


def proposals(hazard: Hazard, *, now: dt.datetime) -> list[tuple[DeadlinePolicy, dt.date]]:
    """Return the policies in force for an order about a hazard of this grade, each with its last day."""
    today = clock.local_date(now)
    rules = DeadlinePolicy.objects.filter(code__startswith=f"order_{hazard.grade}", span__contains=today)
    dated = [(rule, calendar.due_on(rule, start=today)) for rule in rules]
    return sorted(dated, key=lambda pair: pair[1])


def first_of(rules: Sequence[DeadlinePolicy], hazard: Hazard, today: dt.date) -> str:
    """Return the code of the one of `rules`, sorted by day, that an order about `hazard` begins with.

    That which policy names for its grade and colour; the middle one where it names none. "" without rules.
    """
    codes = [rule.code for rule in rules]
    named = default_deadline(hazard.grade, hazard.risk, today)
    return named if named in codes else codes[(len(codes) - 1) // 2] if codes else ""


def choose(
    hazard: Hazard,
    *,
    due_on: dt.date | None,
    code: str,
    due_at: dt.datetime | None,
    now: dt.datetime,
    since: dt.date | None = None,
) -> tuple[dt.datetime, DeadlinePolicy | None]:
    """Return as an instant the deadline given as a day, a policy's code or a moment; and that policy.

    `since` is the day of an order that was written on paper: its deadline may be over by now.
    Raise Invalid beside `due_on` for what is over, for a policy of another grade, or, on the
    enterprise's own road, for a day beyond the limit.
    """
    if code:
        for rule, day in proposals(hazard, now=now):
            if rule.code == code:
                return clock.day_end(day), rule
        raise Invalid({"due_on": _("This deadline is not laid down for this grade.")})
    if due_at is not None:
        if due_at <= now:
            raise Invalid({"due_on": _("This time is over. Choose a later one.")})
        return due_at, None
    if hazard.road == Road.SELF:
        return clock.day_end(own_day(due_on, field="due_on", now=now)), None
    if since is not None and due_on is not None:
        if due_on < since:
            raise Invalid({"due_on": _("This day lies before the order.")})
        return clock.day_end(due_on), None
    return clock.day_end(_not_over(due_on, field="due_on", now=now)), None


def own_limit(*, now: dt.datetime) -> dt.date:
    """Return the last day that an enterprise may set itself for what it found."""
    today = clock.local_date(now)
    return calendar.due_on(calendar.policy("self_plan_limit", on=today), start=today)


def own_day(day: dt.date | None, *, field: str, now: dt.datetime, limit: dt.date | None = None) -> dt.date:
    """Return the enterprise's own `day`; raise Invalid beside `field` when it is over or beyond the limit.

    Who asks about many days at once gives the `limit` of `own_limit`.
    """
    day, limit = _not_over(day, field=field, now=now), limit or own_limit(now=now)
    if day > limit:
        raise Invalid({field: _("Choose a day up to %(limit)s.") % {"limit": limit.isoformat()}})
    return day


def is_early_enough(hazard: Hazard, *, now: dt.datetime) -> bool:
    """Return whether more time may still be asked for: so many days before as the policy says.

    A short deadline cannot ask for many days' notice: half of its own days are enough.
    """
    today = clock.local_date(now)
    try:
        notice = calendar.policy("extension_notice", on=today).days
    except Refused:
        return True
    begun = clock.local_date(hazard.ordered_at or hazard.found_at)
    notice = min(notice, (hazard.due_on - begun).days // 2)
    return (hazard.due_on - today).days >= notice


def _not_over(day: dt.date | None, *, field: str, now: dt.datetime) -> dt.date:
    if day is None:
        raise Invalid({field: _("Say by when it will be fixed.")})
    if day < clock.local_date(now):
        raise Invalid({field: _("This day is over. Choose today or later.")})
    return day
