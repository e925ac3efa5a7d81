"""What responsibility shows on the page of a site."""

from typing import Any

from django.http import HttpRequest

from responsibility.assignments.card import card
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels
from safegrid.kernel import clock


def four_lines(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return who answers for the site on each of the four lines, with telephones, and the gaps."""
    lines = card(site, on=clock.local_date(clock.now()))
    return "responsibility/_lines.html", {"lines": lines, "site": site, "enterprise": site.enterprise}


site_panels.plug("four_lines", four_lines, order=10)
