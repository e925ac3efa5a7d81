"""What guidance shows on a unit's page: its notices and its receipts."""

from typing import Any

from django.http import HttpRequest

from responsibility.guidance.queries import of_unit
from responsibility.units.sockets import unit_panels
from safegrid.grid.models import Unit
from safegrid.kernel import clock


def guidance(request: HttpRequest, unit: Unit) -> tuple[str, dict[str, Any]] | None:
    """Return the last notices to the unit that the reader sees; nothing where there is none."""
    rows = of_unit(unit, request.user, now=clock.now())
    return ("responsibility/_guidance_of_unit.html", {"rows": rows}) if rows else None


unit_panels.plug("guidance", guidance, order=50)
