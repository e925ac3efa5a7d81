"""The page on which an official lets two records of one enterprise become one: shown first, then done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safegrid.grid.merging import Pair, likely_twins, merge, must_fit, preview
from safegrid.grid.models import Enterprise, Site
from safegrid.grid.status import REASON_LENGTH
from safegrid.grid.views.status import may_change
from safegrid.kernel import clock
from safegrid.kernel.findable import found_by
from safegrid.kernel.views import UNACCEPTABLE, attempt

FOUND = 20  # records that a search offers


class MergeForm(forms.Form):
    """Which sites are the same, and how it is known that the enterprises are."""

    reason = forms.CharField(
        label=gettext_lazy("How do you know that they are one?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
    )

    def __init__(self, *given: Any, stays: Enterprise, goes: Enterprise, **more: Any) -> None:
        super().__init__(*given, **more)
        self.stays, self.goes = stays, goes
        self.ours = {site.pk: site for site in stays.sites.order_by("name", "pk")}
        self.theirs = list(goes.sites.order_by("name", "pk"))
        likely = likely_twins(stays, goes)
        choices = [(str(pk), _("the same as %(site)s") % {"site": _words(s)}) for pk, s in self.ours.items()]
        for site in self.theirs:
            twin = likely.get(site.pk)
            self.fields[f"site_{site.pk}"] = forms.ChoiceField(
                label=_words(site),
                required=False,
                choices=[("", _("a site of its own; it goes along as it is")), *choices],
                initial=str(twin.pk) if twin else "",
                widget=forms.Select({"class": "form-select"}),
            )
        self.order_fields([*(f"site_{site.pk}" for site in self.theirs), "reason"])

    def clean(self) -> dict[str, Any]:
        """Refuse two sites that are the same as one."""
        data: dict[str, Any] = super().clean() or {}
        chosen: dict[str, str] = {}
        for site in self.theirs:
            name = f"site_{site.pk}"
            if (twin := data.get(name)) and chosen.setdefault(twin, name) != name:
                self.add_error(name, _("Another of its sites is said to be the same one."))
        return data

    @property
    def pair(self) -> Pair:
        """What was said."""
        said = {site.pk: self.cleaned_data[f"site_{site.pk}"] for site in self.theirs}
        return Pair(self.stays, self.goes, {pk: self.ours[int(twin)] for pk, twin in said.items() if twin})


def _words(site: Site) -> str:
    return " · ".join(filter(None, [site.name, site.address]))


@require_http_methods(["GET", "POST"])
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other record (`q`), compare both (`with`), show what goes along, then do it (`sure`)."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    if not _reaches_all(request, row):
        raise PermissionDenied
    other = _other(request, row)
    if other is None:
        text = request.GET.get("q", "").strip()
        context = {"enterprise": row, "q": text, "found": _found(request, row, text or row.name)}
        return render(request, "grid/merge_find.html", context)
    if not _reaches_all(request, other):
        raise PermissionDenied
    form = MergeForm(request.POST if request.method == "POST" else None, stays=row, goes=other)
    told = None
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            who: dict[str, Any] = {
                "actor": request.user,
                "acting_post": request.acting_post,  # type: ignore[attr-defined]
                "now": clock.now(),
            }
            reason = form.cleaned_data["reason"]
            if attempt(request, form, lambda: merge(form.pair, reason=reason, **who)) is not None:
                messages.success(request, _("Merged. What was open there has gone along."))
                return redirect("grid:enterprise", pk)
        elif "again" not in request.POST:
            told = attempt(request, form, lambda: _told(form))
    context = {"enterprise": row, "other": other, "form": form, "told": told, "both": (row, other)}
    return render(request, "grid/merge.html", context, status=UNACCEPTABLE if form.errors else HTTPStatus.OK)


def _told(form: MergeForm) -> list[tuple[Any, int]]:
    must_fit(form.stays, form.goes, reason=form.cleaned_data["reason"])
    return preview(form.pair)


def _reaches_all(request: HttpRequest, row: Enterprise) -> bool:
    """Whether the person may decide about every site of the record; of one without sites nobody may."""
    sites = may_change(request, row)
    return bool(sites) and len(sites) == row.sites.count()


def _other(request: HttpRequest, row: Enterprise) -> Enterprise | None:
    wanted = request.GET.get("with", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdecimal()) or len(wanted) > 18 or int(wanted) == row.pk:
        raise Http404
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=int(wanted))


def _found(request: HttpRequest, row: Enterprise, text: str) -> list[Enterprise]:
    """Return records that `text` finds, within reach and not merged already. Two queries."""
    rows = Enterprise.objects.visible_to(request.user).filter(found_by(text), merged_into=None)
    return list(rows.exclude(pk=row.pk).prefetch_related("sites").order_by("name", "pk")[:FOUND])
