"""The bodies that supervise, place by place, and what each of them governs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from safegrid.grid.choices import Level
from safegrid.grid.models import District, Unit
from safegrid.grid.sockets import unit_pages
from safegrid.kernel.scope import reach_of


def units(request: HttpRequest) -> HttpResponse:
    """Show the units of the city, or of the district or township `?place=` (its code)."""
    places = District.objects.filter(closed_on=None).defer("boundary")
    code = request.GET.get("place")
    place = get_object_or_404(places, code=code) if code else places.filter(level=Level.CITY).first()
    found = Unit.objects.existing().filter(district=place).prefetch_related("governs").order_by("pk")
    page = next(iter(unit_pages), None) if reach_of(request.user).is_official else None
    context = {
        "place": place,
        "places": places.filter(level__in=(Level.CITY, Level.DISTRICT)).order_by("path"),
        "units": [(unit, page(unit.pk) if page else "") for unit in found],
    }
    return render(request, "grid/units.html", context)
