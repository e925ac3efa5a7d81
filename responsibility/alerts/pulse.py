"""Whether the periodic work is alive: a beat that stopped is seen, not waited for."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from responsibility.alerts.models import Tick
from safegrid.kernel import clock

MISSED = 4  # ticks in a row that may be missed before somebody is told


@dataclass(frozen=True)
class Pulse:
    """When the sweep last ran to its end."""

    last: dt.datetime | None
    is_alive: bool


def pulse(last: dt.datetime | None, *, now: dt.datetime) -> Pulse:
    """Return whether the sweep, last at its end at `last`, has been so within the last few ticks."""
    limit = dt.timedelta(seconds=max(60, MISSED * settings.SWEEP_SECONDS))
    return Pulse(last, last is not None and now - last <= limit)


class BeatCheck(HealthCheck):
    """Alerts are raised: beat, broker and worker together."""

    def run(self) -> None:
        """Raise ServiceUnavailable when the sweep has not run lately."""
        last = Tick.objects.filter(name="sweep").values_list("at", flat=True).first()
        found = pulse(last, now=clock.now())
        if not found.is_alive:
            said = last.isoformat(timespec="seconds") if last else "never"
            raise ServiceUnavailable(f"alerts stand still: the last sweep was {said}")
