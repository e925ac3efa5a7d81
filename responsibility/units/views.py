"""The page of a unit."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from responsibility.units.queries import members
from responsibility.units.sockets import unit_panels
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit governs, who is in it, what they answer for and what is open."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    row = get_object_or_404(Unit.objects.select_related("district").prefetch_related("governs"), pk=pk)
    people = members(row, now=clock.now())
    panels = [panel(request, row) for panel in unit_panels]
    context = {
        "unit": row,
        "members": people,
        "open": sum(each.open for each in people),
        "overdue": sum(each.overdue for each in people),
        "vacant": sum(each.holder is None for each in people),
        "panels": [render_to_string(panel[0], panel[1], request) for panel in panels if panel is not None],
    }
    return render(request, "responsibility/unit.html", context)
