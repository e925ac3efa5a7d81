"""What responsibility shows on the pages of the grid."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.card import card
from responsibility.assignments.services import may_assign, may_assign_over
from responsibility.instructions.choices import TONES, State
from responsibility.instructions.models import Instruction
from responsibility.instructions.subjects import note_url
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Site
from safegrid.grid.sockets import PlaceAction, place_actions, site_panels, unit_pages
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of

SHOWN = 5  # instructions


def four_lines(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]]:
    """Return who answers for the site on each of the four lines, with telephones, and the gaps."""
    lines = card(site, on=clock.local_date(clock.now()))
    return "responsibility/_lines.html", {
        "lines": lines,
        "site": site,
        "may_assign": may_assign_over(request.user, acting_post(request), site),
    }


def instructions_here(request: HttpRequest, site: Site) -> tuple[str, dict[str, Any]] | None:
    """Return the latest instructions about the site that the person reads, and the way to give one."""
    if not reach_of(request.user).is_official:
        return None
    rows = Instruction.objects.visible_to(request.user).filter(site=site)
    found = list(rows.select_related("lead_unit").order_by("-given_at", "-pk")[:SHOWN])
    new_url = note_url(site, acting_post(request))
    return (
        (
            "responsibility/_instructions_at_site.html",
            {
                "rows": [(row, TONES[State(row.state)]) for row in found],
                "new_url": new_url,
            },
        )
        if found or new_url
        else None
    )


site_panels.plug("instructions", instructions_here, order=60)


def _many_url(request: HttpRequest) -> str:
    return reverse("responsibility:assign_many") if may_assign(acting_post(request)) else ""


place_actions.plug("assign", PlaceAction(_("Assign over these"), _many_url))
site_panels.plug("four_lines", four_lines, order=10)
unit_pages.plug("members", lambda pk: reverse("responsibility:unit", args=[pk]))
