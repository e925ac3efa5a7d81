"""The closure proposals about an enterprise, on the page of its site: for officials who read them."""

from typing import Any

from django.http import HttpRequest

from hazards.penalties.closing.models import ClosureProposal
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels

SHOWN = 3


def proposals(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]] | None:
    """Return the latest proposals about the site's enterprise that the person reads; None for none."""
    rows = ClosureProposal.objects.visible_to(request.user).filter(enterprise=site.enterprise_id)
    found = list(rows.order_by("-raised_at", "-pk")[:SHOWN])
    return ("hazards/penalties/_closures.html", {"proposals": found}) if found else None


site_panels.plug("closures", proposals, order=36)
