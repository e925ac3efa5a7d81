"""What public reports show on the page of a hazard: for officials only, an enterprise never learns of it."""

from typing import Any

from hazards.models import Hazard
from hazards.reports.choices import ReportState
from hazards.reports.listing import TONES
from hazards.reports.models import Report
from safegrid.kernel.scope import reach_of

SHOWN = 5  # reports


def reports_of(hazard: Hazard, user: Any) -> list[tuple[Report, str]]:
    """Return the public reports that led to or were joined to `hazard`, each with its tone. One query."""
    if not reach_of(user).is_official:
        return []
    rows = Report.objects.visible_to(user).filter(hazard=hazard).order_by("-received_at", "-pk")
    return [(row, TONES[ReportState(row.state)]) for row in rows[:SHOWN]]
