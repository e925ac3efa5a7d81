"""What is counted of hazards, and of the deadlines for putting them right."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hazards.choices import OPEN, Grade, Owed, State
from hazards.models import Hazard, HazardQuerySet, late
from responsibility.obligations.models import Obligation
from safegrid.grid.counts import ALWAYS, Measure, Narrowing, Reader, Span, Tally, narrowing_of, tallies
from safegrid.grid.counts.tallies import local_day
from safegrid.kernel import clock

FOUND, CLOSED = local_day("r.found_at"), local_day("r.closed_at")
IS_OPEN = "r.state IN ({})".format(", ".join(f"'{state}'" for state in OPEN))
IS_SHARED = "r.is_shared"  # what officials see; who reads more is counted row by row
IS_MAJOR = f"r.grade = '{Grade.MAJOR}'"
IS_KEPT = f"r.state <> '{State.CANCELLED}'"
IS_CLOSED = f"r.state = '{State.CLOSED}'"

#: The register as it stands, and what was found and closed on each day.
hazards = tallies.plug(
    "hazards",
    Tally(
        "hazards",
        Hazard,
        (
            Measure("every", "TRUE", deep=True),
            Measure("open", IS_OPEN, deep=True),
            Measure("major", f"{IS_OPEN} AND {IS_MAJOR}", deep=True),
            Measure("accept", f"r.state IN ('{State.TO_ACCEPT}', '{State.TO_CONFIRM}')", deep=True),
            Measure("due", f"r.state = '{State.RECTIFYING}'", "r.due_on", deep=True),
            Measure("open_since", IS_OPEN, FOUND),
            Measure("found", "TRUE", FOUND),
            Measure("kept", IS_KEPT, FOUND),
            Measure("kept_major", f"{IS_KEPT} AND {IS_MAJOR}", FOUND),
            Measure("closed", IS_CLOSED, CLOSED),
            Measure("closed_major", f"{IS_CLOSED} AND {IS_MAJOR}", CLOSED),
            Measure("closed_in_time", f"{IS_CLOSED} AND r.days_late <= 0", CLOSED),
        ),
        kept=IS_SHARED,
    ),
)


IS_RECTIFICATION = f"r.kind = '{Owed.RECTIFY}'"

#: How many were late on a past day: what had fallen due and was not met in time, less what was met late.
rectifications = tallies.plug(
    "rectifications",
    Tally(
        "rectifications",
        Obligation,
        (
            Measure(
                "became_late",
                f"{IS_RECTIFICATION} AND (r.closed_at IS NULL OR r.days_late > 0)",
                "r.due_on",
            ),
            Measure(
                "ended_late",
                f"{IS_RECTIFICATION} AND r.closed_at IS NOT NULL AND r.days_late > 0",
                local_day("r.closed_at"),
            ),
        ),
        kept=IS_SHARED,
    ),
)


def late_today(user: Any, narrowing: Narrowing, *, now: dt.datetime) -> HazardQuerySet:
    """Return what `user` may read of the hazards that are late though their last day is not over.

    They were due at an hour of today; there are few. The sums know only what fell due on past days.
    """
    rows = Hazard.objects.visible_to(user).filter(narrowing.q(), late(now), due_on=clock.local_date(now))
    return rows.order_by()


def past(now: dt.datetime) -> Span:
    """Return the days that are over."""
    return Span(last=clock.local_date(now) - dt.timedelta(days=1))


#: The views of the list of which sums are kept.
VIEWS = {"open": "open", "accept": "accept", "major": "major", "all": "every"}


def views_summed(user: Any, active: Mapping[str, Any], now: dt.datetime) -> dict[str, int]:
    """Return the numbers of the list's views from sums that are kept; nothing where there are none."""
    narrowing = narrowing_of(active)
    if narrowing is None:
        return {}
    reader = Reader(user, narrowing)
    if not reader.is_kept(hazards, [*VIEWS.values(), "due"]):
        return {}
    counts = reader.read(hazards, dict.fromkeys(VIEWS.values(), ALWAYS) | {"due": past(now)})
    overdue = counts.of("due") + late_today(user, narrowing, now=now).count()
    return {key: counts.of(measure) for key, measure in VIEWS.items()} | {"overdue": overdue}
