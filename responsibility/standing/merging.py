"""What goes along when two records of one enterprise become one: people, open work, and whose it is.

Rhythms, rounds and self-inspections of a site that both records have stay where they were: one is enough.
Statements stay with the record that signed them.
"""

from django.db.models import Q

from responsibility.assignments.models import Assignment
from responsibility.enterprise_line.models import (
    Credential,
    RiskPoint,
    RiskRound,
    Staff,
    Training,
    TrainingYear,
)
from responsibility.leaders.models import LeaderDeed, Wing
from responsibility.obligations.models import Duty, Obligation
from safegrid.grid.sockets import Merged, merged_rows

OF_ENTERPRISE = ("enterprise",)

merged_rows.plug("duties", Merged(Duty, OF_ENTERPRISE, "site", twins=False, is_told=False), order=20)
merged_rows.plug(
    "obligations",
    Merged(Obligation, ("enterprise", "debtor_enterprise"), "site", only=Q(closed_at=None)),
    order=20,
)
merged_rows.plug("assignments", Merged(Assignment, site="site", only=Q(span__upper_inf=True)), order=30)
merged_rows.plug("wings", Merged(Wing, OF_ENTERPRISE), order=30)
merged_rows.plug("visits under the wing", Merged(LeaderDeed, OF_ENTERPRISE, is_told=False), order=31)
merged_rows.plug("staff", Merged(Staff, OF_ENTERPRISE), order=40)
merged_rows.plug("credentials", Merged(Credential, OF_ENTERPRISE), order=41)
merged_rows.plug("trainings", Merged(Training, OF_ENTERPRISE), order=42)
merged_rows.plug("training years", Merged(TrainingYear, OF_ENTERPRISE, is_told=False), order=43)
merged_rows.plug("risk points", Merged(RiskPoint, OF_ENTERPRISE, "site", only=Q(removed_on=None)), order=44)
merged_rows.plug(
    "risk rounds", Merged(RiskRound, OF_ENTERPRISE, "site", twins=False, is_told=False), order=45
)
