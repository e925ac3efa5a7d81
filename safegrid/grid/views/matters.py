"""The tree of supervision matters: which industries and equipment bring each, and who governs it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from safegrid.grid.choices import Level
from safegrid.grid.models import Matter, Unit
from safegrid.grid.queries import matters_reached


def matters(request: HttpRequest) -> HttpResponse:
    """Show every matter, with a way to the sites of those that the reader may ask for. Five queries."""
    city_units = Unit.objects.existing().filter(district__level=Level.CITY)
    tree = Matter.objects.order_by("path").prefetch_related(
        "industries", "features", Prefetch("units", city_units, to_attr="city_units")
    )
    reached = set(matters_reached(request.user).values_list("pk", flat=True))
    return render(request, "grid/matters.html", {"matters": tree, "reached": reached})
