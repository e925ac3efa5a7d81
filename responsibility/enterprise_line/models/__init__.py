"""Rows of the enterprise's own line."""

from responsibility.enterprise_line.models.credentials import Credential
from responsibility.enterprise_line.models.policies import (
    CredentialPolicy,
    HighRiskMatter,
    RiskBand,
    TrainingPolicy,
)
from responsibility.enterprise_line.models.risks import RiskCheck, RiskPoint, RiskRound
from responsibility.enterprise_line.models.staff import Staff
from responsibility.enterprise_line.models.trainings import Participation, Training, TrainingYear

__all__ = [
    "Credential",
    "CredentialPolicy",
    "HighRiskMatter",
    "Participation",
    "RiskBand",
    "RiskCheck",
    "RiskPoint",
    "RiskRound",
    "Staff",
    "Training",
    "TrainingPolicy",
    "TrainingYear",
]
