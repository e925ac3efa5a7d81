"""What penalties show on the pages of a hazard and of a site."""

from typing import Any

from django.http import HttpRequest

from hazards.models import Hazard
from hazards.penalties.queries import is_ground, may_penalise, may_penalise_at, penalties_of
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Site
from safegrid.grid.sockets import site_panels
from safegrid.kernel import clock

SHOWN = 5  # penalties


def about(hazard: Hazard, request: HttpRequest) -> dict[str, Any]:
    """Return the penalties for `hazard` that the person sees, and whether they may enter one."""
    may = is_ground(hazard, clock.now()) and may_penalise(hazard, request.user, acting_post(request))
    return {"penalties": penalties_of(request.user, hazard=hazard), "may_penalise": may}


def at_site(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]] | None:
    """Return the last penalties of the site that the person sees; None where there is nothing to show."""
    may = may_penalise_at(site, request.user, acting_post(request))
    rows = penalties_of(request.user, site=site)
    if not rows and not may:
        return None
    context = {"penalties": rows[:SHOWN], "has_more": len(rows) > SHOWN, "may_penalise": may, "site": site}
    return "hazards/penalties/_at_site.html", context


site_panels.plug("penalties", at_site, order=35)
