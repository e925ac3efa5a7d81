"""Whether the periodic work is alive: a beat that stopped is seen, not waited for."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from health_check.base import HealthCheck
from health_check.exceptions import ServiceUnavailable

from safegrid.kernel import clock
from safegrid.kernel.prepared import Prepared

MISSED = 4  # ticks in a row that may be missed before somebody is told


@dataclass(frozen=True)
class Pulse:
    """When the sweep last ran to its end."""

    last: dt.datetime | None
    is_alive: bool


LAST = Prepared("last_sweep", "SELECT at FROM responsibility_tick WHERE name = 'sweep'")


def pulse(*, now: dt.datetime) -> Pulse:
    """Return whether the sweep has run within the last few ticks. One query."""
    found = LAST.rows()
    last = found[0][0] if found else None
    limit = dt.timedelta(seconds=max(60, MISSED * settings.SWEEP_SECONDS))
    return Pulse(last, last is not None and now - last <= limit)


class BeatCheck(HealthCheck):
    """Alerts are raised: beat, broker and worker together."""

    def run(self) -> None:
        """Raise ServiceUnavailable when the sweep has not run lately."""
        found = pulse(now=clock.now())
        if not found.is_alive:
            last = found.last.isoformat(timespec="seconds") if found.last else "never"
            raise ServiceUnavailable(f"alerts stand still: the last sweep was {last}")
