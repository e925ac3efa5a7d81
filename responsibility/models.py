"""The app's models, gathered for Django; each lives with its subject."""

from responsibility.alerts.models import Alert, Delivery, LadderRung, Tick
from responsibility.assignments.models import Assignment, CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.coverage.models import CoverageDay, Finding, FindingSite, Touch
from responsibility.documents.models import Document, DocumentCounter, DocumentKind
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.letters.models import LetterItem, UnitLetter
from responsibility.obligations.models import Duty, Obligation
from responsibility.posts.models import Handover
from responsibility.replies.models import ReplyStep
from responsibility.statements.models import (
    ScoreBand,
    ScoreLine,
    Signature,
    Statement,
    StatementItem,
    StatementScore,
    StatementTemplate,
)

__all__ = [
    "Alert",
    "Assignment",
    "CoverageDay",
    "CoveragePolicy",
    "DeadlinePolicy",
    "Delivery",
    "Document",
    "DocumentCounter",
    "DocumentKind",
    "Duty",
    "Finding",
    "FindingSite",
    "Handover",
    "Instruction",
    "InstructionTask",
    "LadderRung",
    "LetterItem",
    "Obligation",
    "ReplyStep",
    "ScoreBand",
    "ScoreLine",
    "Signature",
    "Statement",
    "StatementItem",
    "StatementScore",
    "StatementTemplate",
    "Tick",
    "Touch",
    "UnitLetter",
    "WorkingDay",
]
