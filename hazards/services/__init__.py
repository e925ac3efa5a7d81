"""The verbs on hazards. Every change of state goes through `act`, the one door (lifecycle table)."""

from hazards.services.acting import act
from hazards.services.deeds import Given
from hazards.services.reporting import report

__all__ = ["Given", "act", "report"]
