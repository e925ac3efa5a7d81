"""The district tree, a level at a time: what lies where, how many sites stand there, what it was before."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from safegrid.grid.choices import Level
from safegrid.grid.models import District, Site, Succession, Unit
from safegrid.grid.places.outlines import may_redraw
from safegrid.grid.queries import ancestors
from safegrid.grid.sockets import place_actions
from safegrid.grid.succession.planned import may_reorganise
from safegrid.kernel.scope import LEVELS


def districts(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """Show one place: the city, or the one with `code`."""
    known = District.objects.defer("boundary")
    # Several closed places and one open one may have borne a code: the one that exists comes first.
    named = known.filter(code=code) if code else known.filter(level=Level.CITY)
    place = named.order_by(F("closed_on").desc(nulls_first=True), "path").first()
    if place is None and code is not None:
        raise Http404
    context = {"place": place} | (_about(place, request.user) if place else {})
    post = request.acting_post  # type: ignore[attr-defined]
    context["may_reorganise"] = (
        place is not None
        and place.closed_on is None
        and place.level != Level.CITY
        and may_reorganise(request.user, post)
    )
    context["may_redraw"] = (
        place is not None and place.closed_on is None and may_redraw(request.user, post, place)
    )
    context["actions"] = [(action.label, url) for action in place_actions if (url := action.url(request))]
    return render(request, "grid/district.html", context)


def _about(place: District, user: Any) -> dict[str, Any]:
    children = District.objects.get_children(place).filter(closed_on=None).defer("boundary")
    counts = _sites_below(place, user)
    return {
        "above": ancestors(place),
        "children": [(child, counts.get(child.pk, 0)) for child in children],
        "not_further": counts.get(None, 0),
        "before": _predecessors(place),
        "after": Succession.objects.filter(predecessor=place).select_related("successor"),
        "units": Unit.objects.existing().filter(district=place).order_by("pk"),
    }


def _sites_below(place: District, user: Any) -> dict[int | None, int]:
    """Return how many sites the person reaches in each child of `place`; None: in none of them."""
    here = Site.objects.visible_to(user)
    if place.level == Level.CITY:
        below = LEVELS[0]
    elif place.level == Level.CELL:
        return {}
    else:
        here = here.filter(**{place.level: place})
        below = LEVELS[LEVELS.index(place.level) + 1]
    return dict(here.order_by().values_list(below).annotate(Count("pk")))


def _predecessors(place: District) -> list[Succession]:
    """Return how `place` came to be, the latest first: its old names and codes."""
    found: list[Succession] = []
    layer = [place.pk]
    while layer:
        links = list(
            Succession.objects.filter(successor__in=layer)
            .exclude(pk__in=[link.pk for link in found])
            .select_related("predecessor")
            .order_by("-on", "pk")
        )
        found += links
        layer = [link.predecessor_id for link in links]
    return found
