"""All that reports plug into the sockets of others, once when the portal starts."""

from django.utils.translation import gettext_lazy as _

from hazards.reports import kinds, listing, passing, shell  # noqa: F401
from hazards.reports.gates import address_at
from hazards.reports.models import Report
from hazards.reports.workers import kinds as worker_kinds  # noqa: F401
from hazards.reports.workers.models import WorkerReport
from responsibility.assignments.gate import GateCode, gate_codes
from safegrid.files.models import carriers
from safegrid.grid.sockets import placed_rows

carriers.plug("report", Report)
carriers.plug("worker's report", WorkerReport)
placed_rows.plug("report", Report)
gate_codes.plug(
    "report",
    GateCode(_("Something is dangerous here? Scan and tell us; no account is needed."), address_at),
)
