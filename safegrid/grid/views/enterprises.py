"""An enterprise: who is this, who answers for it, is it in order?"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string

from safegrid.grid.models import Enterprise, Feature, Site, SiteMatter
from safegrid.grid.sockets import site_panels
from safegrid.grid.views.naming import may_name
from safegrid.grid.views.status import may_change
from safegrid.kernel import clock
from safegrid.kernel.scope import LEVELS


def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an enterprise that the person reaches, and one of the sites that they reach.

    `?site=` chooses the site; whatever is out of reach does not exist.
    """
    reached = Enterprise.objects.visible_to(request.user)
    found = reached.filter(pk=pk).first()
    # Nothing may be left of a second record by which it could be reached; the one that stays is meant then.
    stays = reached.filter(merged=pk).first() if found is None or found.merged_into_id else None
    if found is None:
        return redirect("grid:enterprise", get_object_or_404(reached, merged=pk).pk)
    sites = list(
        Site.objects.visible_to(request.user)
        .filter(enterprise=found)
        .select_related("industry", *LEVELS)
        .defer(*(f"{level}__boundary" for level in LEVELS))
        .order_by("name", "pk")
    )
    site = _chosen(sites, request.GET.get("site"))
    context: dict[str, Any] = {"enterprise": found, "sites": sites, "site": site, "stays": stays}
    changeable = may_change(request, found)
    context["may_change"], context["may_place"] = bool(changeable), site in changeable
    context["may_name"] = may_name(request, found, changeable)
    if site is not None:
        context |= _about(site, request)
    return render(request, "grid/enterprise.html", context)


def _chosen(sites: list[Site], wanted: str | None) -> Site | None:
    if wanted is None:
        return sites[0] if sites else None
    for site in sites:
        if str(site.pk) == wanted:
            return site
    raise Http404


def _about(site: Site, request: HttpRequest) -> dict[str, Any]:
    """Return what is shown of one site: place, matters, equipment, neighbours, and the panels."""
    today = clock.local_date(clock.now())
    others = Site.objects.visible_to(request.user).select_related("enterprise")
    panels = [panel(request, site) for panel in site_panels]
    return {
        "places": [place for level in LEVELS if (place := getattr(site, level)) is not None],
        "matters": SiteMatter.objects.filter(site=site, span__contains=today)
        .select_related("matter")
        .order_by("matter__path"),
        "features": Feature.objects.filter(code__in=site.features),
        "landlord": others.filter(pk=site.landlord_id).first() if site.landlord_id else None,
        "tenants": others.filter(landlord=site).order_by("name", "pk"),
        "panels": [render_to_string(panel[0], panel[1], request) for panel in panels if panel is not None],
    }
