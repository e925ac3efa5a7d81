"""The app's models, gathered for Django; each lives with its subject."""

from responsibility.alerts.models import Alert, Delivery, LadderRung, Tick
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.coverage.models import (
    CellFault,
    CoverageDay,
    Finding,
    FindingSite,
    PastDismissal,
    SetAside,
    Tolerance,
    Touch,
)
from responsibility.documents.models import Document, DocumentCounter, DocumentKind
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
from responsibility.guidance.models import Notice, Receipt
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderDutyPolicy, LeaderPeriod, Wing
from responsibility.letters.models import LetterItem, UnitLetter
from responsibility.obligations.models import Duty, Obligation
from responsibility.posts.models import Handover
from responsibility.regulators.models import RegulatorQuestion
from responsibility.replies.models import ReplyStep
from responsibility.standing.models import StatusRule
from responsibility.statements.models import (
    ScoreBand,
    ScoreLine,
    Signature,
    Statement,
    StatementItem,
    StatementScore,
    StatementTemplate,
)
from responsibility.transfers.models import Leg, Transfer
from responsibility.units.models import UnitReorganisation

__all__ = [
    "Alert",
    "Assignment",
    "CellFault",
    "CoverageDay",
    "CoveragePolicy",
    "Credential",
    "CredentialPolicy",
    "DeadlinePolicy",
    "Delivery",
    "Document",
    "DocumentCounter",
    "DocumentKind",
    "Duty",
    "Finding",
    "FindingSite",
    "Handover",
    "HighRiskMatter",
    "Instruction",
    "InstructionTask",
    "LadderRung",
    "Leader",
    "LeaderDeed",
    "LeaderDuty",
    "LeaderDutyPolicy",
    "LeaderPeriod",
    "Leg",
    "LetterItem",
    "Notice",
    "Obligation",
    "Participation",
    "PastDismissal",
    "Receipt",
    "RegulatorQuestion",
    "ReplyStep",
    "RiskBand",
    "RiskCheck",
    "RiskPoint",
    "RiskRound",
    "ScoreBand",
    "ScoreLine",
    "SetAside",
    "Signature",
    "Staff",
    "Statement",
    "StatementItem",
    "StatementScore",
    "StatementTemplate",
    "StatusRule",
    "Tick",
    "Tolerance",
    "Touch",
    "Training",
    "TrainingPolicy",
    "TrainingYear",
    "Transfer",
    "UnitLetter",
    "UnitReorganisation",
    "Wing",
    "WorkingDay",
]
