"""What every portal starts with: places, matters, policies, the calendar, checklists."""

import datetime as dt

from inspections.reference import load_checklists
from responsibility.policies import load_policies
from safegrid.grid.models import District
from safegrid.grid.reference import load_reference
from safegrid.kernel import clock


def load_ground(*, now: dt.datetime) -> None:
    """Load what is missing of it; what is there stays as people have made it. Safe to repeat.

    Places and matters come only where there are none: a place that was reorganised must not come back.
    """
    if not District.objects.exists():
        load_reference(now=now)
    load_policies(today=clock.local_date(now))
    load_checklists(now=now)
