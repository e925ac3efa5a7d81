"""All that reports plug into the sockets of others, once when the portal starts."""

from hazards.reports import kinds, listing, passing, shell  # noqa: F401
from hazards.reports.models import Report
from safegrid.files.models import carriers
from safegrid.grid.sockets import placed_rows

carriers.plug("report", Report)
placed_rows.plug("report", Report)
