"""The closure proposals about an enterprise on the page of its site, and how an instruction names one."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from hazards.penalties.closing.models import ClosureProposal
from responsibility.instructions.subjects import Subject, subjects
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels

SHOWN = 3


def proposals(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]] | None:
    """Return the latest proposals about the site's enterprise that the person reads; None for none."""
    rows = ClosureProposal.objects.visible_to(request.user).filter(enterprise=site.enterprise_id)
    found = list(rows.order_by("-raised_at", "-pk")[:SHOWN])
    return ("hazards/penalties/_closures.html", {"proposals": found}) if found else None


subjects.plug(
    "closure",
    Subject(
        ClosureProposal,
        name=lambda row: (
            f"提请关闭事项：{row.enterprise.name}",
            f"Closure proposal: {row.enterprise.name_en or row.enterprise.name}",
        ),
        url=lambda row: reverse("hazards:closure", args=[row.pk]),
        site=lambda row: row.site,
        related=("enterprise", "site__enterprise"),
    ),
)
site_panels.plug("closures", proposals, order=36)
