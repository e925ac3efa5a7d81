"""All that reports plug into the sockets of others, once when the portal starts."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hazards.reports import kinds, listing, passing, shell  # noqa: F401
from hazards.reports.choices import OPEN
from hazards.reports.gates import address_at
from hazards.reports.models import GateCode as ReportCode
from hazards.reports.models import Report
from hazards.reports.workers import kinds as worker_kinds  # noqa: F401
from hazards.reports.workers.models import WorkerReport
from responsibility.assignments.gate import GateCode, gate_codes
from responsibility.instructions.subjects import Subject, subjects
from safegrid.files.models import carriers
from safegrid.grid.sockets import Merged, OfUnit, merged_rows, placed_rows, unit_rows

subjects.plug(
    "report",
    Subject(
        Report,
        name=lambda report: (f"{report.number} {report.title}",) * 2,
        url=lambda report: reverse("hazards:report", args=[report.number]),
        site=lambda report: report.site,
        matter=lambda report: report.matter,
        related=("site__enterprise", "matter"),
    ),
)
carriers.plug("report", Report)
carriers.plug("worker's report", WorkerReport)
placed_rows.plug("report", Report)
unit_rows.plug("reports", OfUnit(Report, post="post", only=Q(state__in=OPEN)))
merged_rows.plug("reports", Merged(Report, site="site"), order=60)
merged_rows.plug("workers' reports", Merged(WorkerReport, ("enterprise",), "site"), order=61)
#: Where both sites have one at their gate, each goes on to lead to its own.
merged_rows.plug("codes at the gate", Merged(ReportCode, site="site", is_told=False), order=62)
gate_codes.plug(
    "report",
    GateCode(_("Something is dangerous here? Scan and tell us; no account is needed."), address_at),
)
