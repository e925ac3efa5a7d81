"""The page on which the outlines of a place and of those below it are drawn anew: shown first, then done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from safegrid.grid.choices import Datum
from safegrid.grid.models import District
from safegrid.grid.places.outlines import LENGTH, Outline, may_redraw, redraw, understand
from safegrid.kernel import clock
from safegrid.kernel.views import UNACCEPTABLE, attempt


class OutlinesForm(forms.Form):
    """A file, or what was in it, and what it rests on."""

    file = forms.FileField(
        label=gettext_lazy("File (GeoJSON)"),
        required=False,
        widget=forms.FileInput({"class": "form-control", "accept": ".geojson,.json"}),
        help_text=gettext_lazy("Each feature is an area whose property “code” is that of a place."),
    )
    outlines = forms.CharField(
        label=gettext_lazy("or its text"),
        required=False,
        widget=forms.Textarea({"rows": 4, "class": "form-control"}),
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("Coordinates"),
        choices=Datum.choices,
        widget=forms.Select({"class": "form-select"}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Decision that it rests on"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the text out of the file: it is shown, and sent again, as text."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None:
            if file.size > LENGTH:
                self.add_error("file", _("The file is too large."))
            else:
                data["outlines"] = file.read().decode("utf-8-sig", errors="replace")
        if not data.get("outlines") and not self.errors:
            self.add_error("file", _("Choose a file."))
        return data


@require_http_methods(["GET", "POST"])
def drawing(request: HttpRequest, code: str) -> HttpResponse:
    """Draw places anew: the first POST shows which, the second one (`sure`) does it."""
    place: District = get_object_or_404(District.objects.filter(closed_on=None), code=code)
    post = request.acting_post  # type: ignore[attr-defined]
    if not may_redraw(request.user, post, place):
        raise PermissionDenied
    sent = request.method == "POST"
    form = OutlinesForm(
        request.POST if sent else None, request.FILES if sent else None, initial={"datum": Datum.WGS84}
    )
    found: list[Outline] | None = None
    if sent and form.is_valid() and "again" not in request.POST:
        given = form.cleaned_data
        found = attempt(
            request, form, lambda: understand(given["outlines"], within=place, datum=given["datum"])
        )
        if found is not None and "sure" in request.POST:
            who = {"actor": request.user, "acting_post": post, "now": clock.now()}
            rows = found
            done = attempt(request, form, lambda: redraw(rows, basis=given["basis"], **who))
            if done is not None:
                text = ngettext("%(n)s place drawn anew.", "%(n)s places drawn anew.", done)
                messages.success(request, text % {"n": done})
                return redirect("grid:district", code)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    context = {"place": place, "form": form, "preview": found}
    return render(request, "grid/outlines.html", context, status=status)
