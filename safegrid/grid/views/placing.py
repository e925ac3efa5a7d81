"""The page on which an official says in which community or cell a site stands: shown first, then done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safegrid.grid.choices import Level
from safegrid.grid.models import District, Enterprise, Site
from safegrid.grid.places.atlas import Atlas, Place
from safegrid.grid.places.following import followed_by
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.services import place_site
from safegrid.grid.views.moving import going_along, lowest
from safegrid.grid.views.status import may_change
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

BY_ITSELF = "auto"  # no person chooses: address and position do
TOO_WIDE = (Level.CITY, Level.DISTRICT)  # nobody looks for a cell in all of it at once


class PlaceForm(forms.Form):
    """Where the site stands."""

    node = forms.ChoiceField(
        label=gettext_lazy("Where it stands"),
        widget=forms.Select({"class": "form-select"}),
        help_text=gettext_lazy("What a person chooses stays, whatever address and position say."),
    )

    def __init__(self, *given: Any, places: list[Place], found: str, **more: Any) -> None:
        super().__init__(*given, **more)
        first = min((len(place.path) for place in places), default=0)
        self.fields["node"].choices = [  # type: ignore[attr-defined]
            *(
                (each.code, f"{'' if len(each.path) == first else chr(0x3000)}{each.label}")
                for each in places
            ),
            (BY_ITSELF, _("where address and position lead: %(place)s") % {"place": found or "–"}),
        ]


@require_http_methods(["GET", "POST"])
def placing(request: HttpRequest, pk: int) -> HttpResponse:
    """Place the site `?site=` within `?place=`: the first POST shows it, the second (`sure`) does it."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    site = _site(request, row)
    surveyor = Surveyor()
    atlas = surveyor.atlas
    here = atlas.places.get(lowest(site) or 0)
    position = (site.longitude, site.latitude) if site.longitude is not None else None
    found = surveyor.settle(Clue(site.address, position)).place  # type: ignore[arg-type]
    around = _around(atlas, request.GET.get("place"), found or here)
    places = _offered(request, atlas, around)
    codes = [each.code for each in (found, here) if each in places]
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        places=places,
        found=atlas.label(found) if found else "",
        initial={"node": codes[0] if codes else None},
    )
    shown: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        to = next((each for each in places if each.code == form.cleaned_data["node"]), None)
        if "sure" in request.POST:
            who: dict[str, Any] = {
                "actor": request.user,
                "acting_post": request.acting_post,  # type: ignore[attr-defined]
                "now": clock.now(),
            }
            node = District.objects.get(pk=to.pk) if to else None
            if attempt(request, form, lambda: place_site(site=site, node=node, **who)) is not None:
                messages.success(request, _("Placed. What is open there has gone along."))
                return redirect(f"{reverse('grid:enterprise', args=[pk])}?site={site.pk}")
        elif "again" not in request.POST:
            shown = _preview(atlas, site, here, to, found)
    context = {
        "enterprise": row,
        "site": site,
        "form": form,
        "shown": shown,
        "place": around,
        "above": atlas.line(around)[:-1],
        "below": _below(atlas, around),
        "found": atlas.label(found) if found else "",
        "may_choose": around.level not in TOO_WIDE,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "grid/place.html", context, status=status)


def _site(request: HttpRequest, enterprise: Enterprise) -> Site:
    """Return the site that is asked for, the first for none; raise PermissionDenied, Http404 for others."""
    sites = may_change(request, enterprise)
    if not sites:
        raise PermissionDenied
    wanted = request.GET.get("site")
    found = next((each for each in sites if wanted in (None, str(each.pk))), None)
    if found is None:
        raise Http404
    return found


def _around(atlas: Atlas, code: str | None, near: Place | None) -> Place:
    """Return where the person looks: the open place with `code`, else the one `near`; never below a township.

    The city, where nothing is known. Raise Http404 for a code of nothing, and before there is a city.
    """
    if code:
        near = next((each for each in atlas.places.values() if each.is_open and each.code == code), None)
        if near is None:
            raise Http404
    near = near or atlas.city
    if near is None:
        raise Http404
    line = atlas.line(near)
    return next((each for each in line if each.level == Level.TOWNSHIP), line[-1])


def _below(atlas: Atlas, around: Place) -> list[Place]:
    """Return the places to go down to, of a place that is too wide to choose in."""
    return [each for each in atlas.children(around) if each.is_open] if around.level in TOO_WIDE else []


def _offered(request: HttpRequest, atlas: Atlas, around: Place) -> list[Place]:
    """Return the communities and cells in `around` in which the person acts; itself, where it has none."""
    if around.level in TOO_WIDE:
        return []
    post = request.acting_post  # type: ignore[attr-defined]
    branches = reach_of(request.user).of(acting=True, post_id=post.pk).branches
    own = [atlas.places[pk].path for each in branches if (pk := each.place_id) in atlas.places]
    if any(each.city for each in branches):
        own.append("")
    levels = (Level.COMMUNITY, Level.CELL)
    inside = [each for level in levels for each in atlas.descendants(around, level)] or [around]
    found = [each for each in inside if each.path.startswith(tuple(own))]
    return sorted(found, key=lambda each: each.path)


def _preview(
    atlas: Atlas, site: Site, here: Place | None, to: Place | None, found: Place | None
) -> dict[str, Any]:
    """Return where the site is and where it goes: to a place, or without one to where its address leads."""
    goes = to or found
    return {
        "from": atlas.label(here) if here else "",
        "to": atlas.label(goes) if goes else "",
        "fixed": to is not None,
        "rows": going_along(site),
        "consequences": followed_by(site, atlas.columns(goes)),
    }
