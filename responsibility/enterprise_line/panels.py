"""What the own line shows on the page of an enterprise."""

from typing import Any

from django.http import HttpRequest

from responsibility.enterprise_line.queries.overview import overview
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels
from safegrid.kernel import clock


def own_line(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return the enterprise's own line in a few lines: people, certificates, hours, risk points."""
    now = clock.now()
    own = overview(request.user, site.enterprise, now=now)
    return "responsibility/own/_panel.html", {
        "own": own,
        "risks": next((each for each in own.sites if each.site == site), None),
        "site": site,
        "today": clock.local_date(now),
    }


site_panels.plug("own_line", own_line, order=40)
