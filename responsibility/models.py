"""The app's models, gathered for Django; each lives with its subject."""

from responsibility.alerts.models import Alert, Delivery, LadderRung, Tick
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.coverage.models import CoverageDay, Finding, FindingSite, Touch
from responsibility.enterprise_line.models import (
    Credential,
    CredentialPolicy,
    HighRiskMatter,
    Participation,
    RiskBand,
    RiskCheck,
    RiskPoint,
    RiskRound,
    Staff,
    Training,
    TrainingPolicy,
    TrainingYear,
)
from responsibility.obligations.models import Duty, Obligation
from responsibility.posts.models import Handover

__all__ = [
    "Alert",
    "Assignment",
    "CoverageDay",
    "CoveragePolicy",
    "Credential",
    "CredentialPolicy",
    "DeadlinePolicy",
    "Delivery",
    "Duty",
    "Finding",
    "FindingSite",
    "Handover",
    "HighRiskMatter",
    "LadderRung",
    "Obligation",
    "Participation",
    "RiskBand",
    "RiskCheck",
    "RiskPoint",
    "RiskRound",
    "Staff",
    "Tick",
    "Touch",
    "Training",
    "TrainingPolicy",
    "TrainingYear",
    "WorkingDay",
]
