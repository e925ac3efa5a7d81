"""The app's models, gathered for Django; each lives with its subject."""

from responsibility.alerts.models import Alert, Delivery, LadderRung, Tick
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.coverage.models import CellFault, CoverageDay, Finding, FindingSite, Tolerance, Touch
from responsibility.obligations.models import Duty, Obligation
from responsibility.posts.models import Handover
from responsibility.regulators.models import RegulatorQuestion
from responsibility.standing.models import StatusRule
from responsibility.transfers.models import Leg, Transfer

__all__ = [
    "Alert",
    "Assignment",
    "CellFault",
    "CoverageDay",
    "CoveragePolicy",
    "DeadlinePolicy",
    "Delivery",
    "Duty",
    "Finding",
    "FindingSite",
    "Handover",
    "LadderRung",
    "Leg",
    "Obligation",
    "RegulatorQuestion",
    "StatusRule",
    "Tick",
    "Tolerance",
    "Touch",
    "Transfer",
    "WorkingDay",
]
