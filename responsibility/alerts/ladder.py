"""The ladder of overdue alerts, read from policy rows: when each rung fires and who is told."""

import datetime as dt

from django.core.cache import cache

from responsibility.alerts.models import LadderRung
from safegrid.kernel import clock

CACHE_KEY = "responsibility.ladder"
CACHE_SECONDS = 60


def rungs() -> list[LadderRung]:
    """Return the rungs from the lowest upward; kept in the cache for a minute."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = list(LadderRung.objects.order_by("number"))
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def moment(rung: LadderRung, due_at: dt.datetime) -> dt.datetime:
    """Return the instant at which `rung` fires for a deadline at `due_at`.

    Before the deadline and on its day a rung fires when that local day begins. "1 day over" is the
    deadline itself: a deadline is the end of a day, so what is over is over by a day. Later rungs
    follow whole days after it.
    """
    if rung.days <= 0:
        return clock.day_start(clock.last_day(due_at) + dt.timedelta(days=rung.days))
    return due_at + dt.timedelta(days=rung.days - 1)


def recipients(rung: LadderRung, *, is_major: bool) -> list[str]:
    """Return who is told on `rung`; a major hazard climbs one rung sooner."""
    ladder = rungs()
    told = set(rung.recipients)
    if is_major:
        told.update(*(r.recipients for r in ladder if r.number == rung.number + 1))
    return sorted(told)


def after(number: int, due_at: dt.datetime) -> dt.datetime | None:
    """Return when the sweep must look again once rung `number` has fired; None at the top."""
    following = [r for r in rungs() if r.number > number]
    return moment(following[0], due_at) if following else None


def first_look(due_at: dt.datetime, *, now: dt.datetime, is_major: bool) -> tuple[int, dt.datetime | None]:
    """Return (rungs already passed, next look) for an obligation opened `now`.

    A rung whose moment lies before the opening is passed in silence: whoever has just been given
    two days need not be told at once that three days remain.
    """
    passed = 0
    for rung in rungs():
        at = moment(rung, due_at)
        if at > now:
            return passed, at
        passed = rung.number
    return passed, None


def due_rung(number: int, due_at: dt.datetime, now: dt.datetime) -> LadderRung | None:
    """Return the highest rung above `number` whose moment has come: one alert after a long outage."""
    reached = [r for r in rungs() if r.number > number and moment(r, due_at) <= now]
    return reached[-1] if reached else None
