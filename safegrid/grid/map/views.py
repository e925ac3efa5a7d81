"""The map's page, the list that says the same, and the data it draws."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from safegrid.grid.choices import Level, RiskGrade
from safegrid.grid.counts import kept
from safegrid.grid.filters import SiteFilters
from safegrid.grid.map import queries
from safegrid.grid.models import District, Site
from safegrid.grid.queries import ancestors
from safegrid.grid.sockets import MapLayer, map_drawings, map_layers, place_actions
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import LEVELS, reach_of

BELOW = dict(zip(Level.values, Level.values[1:], strict=False))
KEPT = 600  # seconds that outlines are kept by the browser


def _officials_only(request: HttpRequest) -> None:
    if not reach_of(request.user).is_official:
        raise NotAllowed


def _layer(request: HttpRequest) -> MapLayer:
    """Return the figure that the address names, or the first one."""
    code = request.GET.get("layer", "")
    return map_layers[code] if code in map_layers else next(iter(map_layers))


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the map and, beside it, the same figures as a list; the list alone for a fragment."""
    _officials_only(request)
    layer, code = _layer(request), request.GET.get("in", "")
    if code:
        known = District.objects.filter(code=code, closed_on=None).defer("boundary")
        node: District | None = get_object_or_404(known)
    else:
        node = queries.home(request.user)
    context = {
        "layers": list(map_layers),
        "layer": layer,
        "node": node,
        "home": not code,
        "max_points": queries.MAX_POINTS,
        "drawings": " ".join(address() for address in map_drawings),
        "place_actions": [(each.label, url) for each in place_actions if (url := each.url(request))],
    }
    if node is not None:
        context |= _figures_below(request.user, layer, node)
    fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    response = render(request, "grid/_map_panel.html" if fragment else "grid/map.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _figures_below(user: Any, layer: MapLayer, node: District) -> dict[str, Any]:
    """The figures of what lies in `node`, and of `node` itself: two counts, however many places."""
    below = BELOW.get(node.level, "")
    rows: list[tuple[District, int, str]] = []
    if below:
        counts = layer.counts(user, below)
        children = District.objects.get_children(node).filter(closed_on=None).defer("boundary")
        rows = [(child, counts.get(child.pk, 0), layer.url(below, child.code)) for child in children]
        rows.sort(key=lambda row: -row[1])
    if node.level in LEVELS:
        total = layer.counts(user, node.level).get(node.pk, 0)
        total_url = layer.url(node.level, node.code)
    else:
        total, total_url = sum(layer.counts(user, LEVELS[0]).values()), layer.url("", "")
    above = list(ancestors(node).defer("boundary"))
    drawn = (*queries.DRAWN, Level.CITY)
    return {
        "above": above,
        "fit": next(place for place in (node, *reversed(above)) if place.level in drawn),
        "rows": rows,
        "total": total,
        "total_url": total_url,
        "rest_url": layer.unplaced_url() if layer.unplaced_url and node.level == Level.CITY else "",
        "rest": total - sum(count for _child, count, _url in rows) if rows else 0,
    }


@require_safe
def areas(request: HttpRequest, level: str) -> HttpResponse:
    """Give the outlines of a level as GeoJSON."""
    _officials_only(request)
    if level not in queries.DRAWN:
        raise Http404
    response = JsonResponse(queries.areas(level), json_dumps_params={"separators": (",", ":")})
    patch_cache_control(response, private=True, max_age=KEPT)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


@require_safe
def figures(request: HttpRequest, level: str) -> HttpResponse:
    """Give a layer's figures for the places of a level, by their ids, each with the list it counts."""
    _officials_only(request)
    if level not in queries.DRAWN:
        raise Http404
    layer = _layer(request)
    counts = {pk: n for pk, n in layer.counts(request.user, level).items() if pk is not None and n}
    codes = dict(District.objects.filter(pk__in=counts).values_list("pk", "code"))
    found = {pk: [n, layer.url(level, codes[pk])] for pk, n in counts.items() if pk in codes}
    return JsonResponse(
        {"layer": layer.code, "label": str(layer.label), "bad": layer.is_bad, "places": found}
    )


@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """Give the sites that somebody reaches, narrowed by the list's own filters and a box.

    `{"sites": columns, "risks": words}`, see `queries.points`; where there are too many of them
    `{"counts": [[place, longitude, latitude, count, name], …]}`, whether in the box or not.
    """
    _officials_only(request)
    narrowed = _sites(request)
    if narrowed.errors:
        return JsonResponse({"errors": narrowed.errors}, status=400)
    found = queries.points(narrowed.qs)
    if found is None:
        text = _heaps(request)
    else:
        risks = {value: str(label) for value, label in RiskGrade.choices}
        text = f'{{"sites":{found},"risks":{json.dumps(risks, ensure_ascii=False)}}}'
    return HttpResponse(text, content_type="application/json")


def _sites(request: HttpRequest, *without: str) -> SiteFilters:
    asked = [name for name in SiteFilters.base_filters if request.GET.get(name) and name not in without]
    rows = Site.objects.visible_to(request.user)
    return SiteFilters(request.GET, queryset=rows, request=request, names=asked, now=clock.now())


def _heaps(request: HttpRequest) -> str:
    filters = _sites(request, "box")
    asked = [(name, request.GET[name]) for name in filters.filters]

    def make() -> str:
        return json.dumps({"counts": queries.heaps(filters.qs)}, ensure_ascii=False)

    return kept("map", request.user, asked, make, now=clock.now())


@require_safe
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what the map says of one site."""
    _officials_only(request)
    found = queries.site(Site.objects.visible_to(request.user), pk)
    if found is None:
        raise Http404
    return JsonResponse(found)
