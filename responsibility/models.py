"""The app's models, gathered for Django; each lives with its subject."""

from responsibility.alerts.models import Alert, Delivery, LadderRung, Tick
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.coverage.models import CoverageDay, Finding, FindingSite, Touch
from responsibility.guidance.models import Notice, Receipt
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderDutyPolicy, LeaderPeriod, Wing
from responsibility.obligations.models import Duty, Obligation
from responsibility.posts.models import Handover

__all__ = [
    "Alert",
    "Assignment",
    "CoverageDay",
    "CoveragePolicy",
    "DeadlinePolicy",
    "Delivery",
    "Duty",
    "Finding",
    "FindingSite",
    "Handover",
    "LadderRung",
    "Leader",
    "LeaderDeed",
    "LeaderDuty",
    "LeaderDutyPolicy",
    "LeaderPeriod",
    "Notice",
    "Obligation",
    "Receipt",
    "Tick",
    "Touch",
    "Wing",
    "WorkingDay",
]
