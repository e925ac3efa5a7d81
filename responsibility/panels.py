"""What responsibility shows on the pages of the grid."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.card import card
from responsibility.assignments.services import may_assign
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Site
from safegrid.grid.sockets import PlaceAction, place_actions, site_panels, unit_pages
from safegrid.kernel import clock


def four_lines(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return who answers for the site on each of the four lines, with telephones, and the gaps."""
    lines = card(site, on=clock.local_date(clock.now()))
    return "responsibility/_lines.html", {"lines": lines, "site": site, "enterprise": site.enterprise}


def _many_url(request: HttpRequest) -> str:
    return reverse("responsibility:assign_many") if may_assign(acting_post(request)) else ""


place_actions.plug("assign", PlaceAction(_("Assign over these"), _many_url))
site_panels.plug("four_lines", four_lines, order=10)
unit_pages.plug("members", lambda pk: reverse("responsibility:unit", args=[pk]))
