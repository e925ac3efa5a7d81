"""What responsibility shows on the pages of the grid."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from responsibility.assignments.card import card
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels, unit_pages
from safegrid.kernel import clock


def four_lines(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return who answers for the site on each of the four lines, with telephones, and the gaps."""
    lines = card(site, on=clock.local_date(clock.now()))
    return "responsibility/_lines.html", {"lines": lines, "site": site, "enterprise": site.enterprise}


site_panels.plug("four_lines", four_lines, order=10)
unit_pages.plug("members", lambda pk: reverse("responsibility:unit", args=[pk]))
