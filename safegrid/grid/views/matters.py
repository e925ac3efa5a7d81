"""The tree of supervision matters: which industries and equipment bring each, and who governs it."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from safegrid.grid.choices import Level
from safegrid.grid.models import Matter, Unit


def matters(request: HttpRequest) -> HttpResponse:
    """Show every matter. Four queries, however many there are."""
    city_units = Unit.objects.filter(district__level=Level.CITY)
    tree = Matter.objects.order_by("path").prefetch_related(
        "industries", "features", Prefetch("units", city_units, to_attr="city_units")
    )
    return render(request, "grid/matters.html", {"matters": tree})
