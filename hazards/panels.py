"""What hazards show on the page of a site, and how an instruction names one."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from hazards.models import Hazard
from responsibility.instructions.subjects import Subject, subjects
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels
from safegrid.kernel import clock

SHOWN = 5  # hazards


def open_hazards(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return the open hazards of the site that the person reaches, what is due first on top."""
    rows = Hazard.objects.visible_to(request.user).open().filter(site=site).order_by("due_on", "pk")
    found = list(rows[: SHOWN + 1])
    now = clock.now()
    return "hazards/_open_at_site.html", {
        "rows": [(row, row.days_over(now), row.is_overdue(now)) for row in found[:SHOWN]],
        "has_more": len(found) > SHOWN,
        "site": site,
    }


subjects.plug(
    "hazard",
    Subject(
        Hazard,
        name=lambda hazard: (
            f"{hazard.number} {hazard.title} · {hazard.enterprise.name}",
            f"{hazard.number} {hazard.title} · {hazard.enterprise.name_en or hazard.enterprise.name}",
        ),
        url=lambda hazard: reverse("hazards:detail", args=[hazard.number]),
        site=lambda hazard: hazard.site,
        matter=lambda hazard: hazard.matter,
        related=("enterprise", "site__enterprise", "matter"),
    ),
)
site_panels.plug("open_hazards", open_hazards, order=20)
