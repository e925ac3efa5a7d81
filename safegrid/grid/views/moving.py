"""The page on which an official lets a site move: what goes along is shown first, then it is done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safegrid.grid.models import Enterprise, Site
from safegrid.grid.places.following import followed_by
from safegrid.grid.places.placing import Clue, Surveyor
from safegrid.grid.services import change_site
from safegrid.grid.sockets import placed_rows
from safegrid.grid.views.status import may_change
from safegrid.kernel import clock
from safegrid.kernel.views import UNACCEPTABLE, attempt


class MoveForm(forms.Form):
    """Which site moves, and where."""

    about = forms.ChoiceField(label=gettext_lazy("Which site"), widget=forms.Select({"class": "form-select"}))
    address = forms.CharField(
        label=gettext_lazy("New address"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
        help_text=gettext_lazy("With district and street: the place follows from it."),
    )

    def __init__(self, *given: Any, sites: list[Site], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["about"].choices = [(str(site.pk), site.name) for site in sites]  # type: ignore[attr-defined]
        self.sites = {str(site.pk): site for site in sites}

    @property
    def site(self) -> Site:
        """The site that moves."""
        return self.sites[self.cleaned_data["about"]]


@require_http_methods(["GET", "POST"])
def moving(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a site: the first POST shows what goes along and where, the second one (`sure`) does it."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    sites = may_change(request, row)
    if not sites:
        raise PermissionDenied
    form = MoveForm(
        request.POST if request.method == "POST" else None,
        sites=sites,
        initial={"about": request.GET.get("site")},
    )
    shown: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        facts = {"address": form.cleaned_data["address"], "longitude": None, "latitude": None}
        if "sure" in request.POST:
            who: dict[str, Any] = {
                "actor": request.user,
                "acting_post": request.acting_post,  # type: ignore[attr-defined]
                "now": clock.now(),
            }
            if attempt(request, form, lambda: change_site(site=form.site, facts=facts, **who)) is not None:
                messages.success(request, _("Moved. What is open there has gone along."))
                return redirect(f"{reverse('grid:enterprise', args=[pk])}?site={form.site.pk}")
        elif "again" not in request.POST:
            shown = _preview(form.site, facts["address"])
    context = {"enterprise": row, "form": form, "shown": shown}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "grid/move.html", context, status=status)


def lowest(site: Site) -> int | None:
    """Return the id of the narrowest place in which `site` stands, None for no place."""
    return next((pk for pk in reversed(list(site.place_ids.values())) if pk), None)


def going_along(site: Site) -> list[tuple[Any, int]]:
    """Return what follows `site` to another place: rows by their name, and how many."""
    rows = [
        (model._meta.verbose_name_plural, model._default_manager.filter(site=site)) for model in placed_rows
    ]
    return [(name, n) for name, found in rows if (n := found.count())]


def _preview(site: Site, address: str) -> dict[str, Any]:
    """Return where the site is, where it goes, and how much goes along."""
    surveyor = Surveyor()
    here = surveyor.atlas.places.get(lowest(site) or 0)
    to = here if site.place_fixed else surveyor.settle(Clue(address)).place
    place = site.place_ids if site.place_fixed else surveyor.atlas.columns(to)
    return {
        "site": site,
        "from": surveyor.atlas.label(here) if here else "",
        "to": surveyor.atlas.label(to) if to else "",
        "fixed": site.place_fixed,
        "rows": going_along(site),
        "consequences": followed_by(site, place),
    }
