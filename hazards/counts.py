"""What is counted of hazards, and of the deadlines for putting them right."""

from hazards.choices import OPEN, Grade, Owed, State
from hazards.models import Hazard
from responsibility.obligations.models import Obligation
from safegrid.grid.counts import Measure, Tally, tallies
from safegrid.grid.counts.tallies import local_day

FOUND, CLOSED = local_day("r.found_at"), local_day("r.closed_at")
IS_OPEN = "r.state IN ({})".format(", ".join(f"'{state}'" for state in OPEN))
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
    ),
)
