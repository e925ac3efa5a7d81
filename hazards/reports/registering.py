"""A report about a place that is in no register: it is put there, without a code and with the reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from hazards.actors import actor_for
from hazards.reports.handling import locate
from hazards.reports.lifecycle import MACHINE
from hazards.reports.models import Report
from hazards.reports.views import find
from safegrid.accounts.middleware import acting_post
from safegrid.grid.choices import NoUscc
from safegrid.grid.models import District
from safegrid.grid.services import register_enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import LEVELS
from safegrid.kernel.views import UNACCEPTABLE, attempt


class RegisterForm(forms.Form):
    """What is known of a place that nobody supervises yet."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("What is it called?"),
        max_length=120,
        help_text=gettext_lazy("The name on its sign, or what it is."),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    no_uscc_reason = forms.ChoiceField(label=gettext_lazy("Why it has no USCC"), choices=NoUscc.choices)


@require_http_methods(["GET", "POST"])
def registering(request: HttpRequest, number: str) -> HttpResponse:
    """Register the place of a report, and name it as the report's site."""
    now, report, post = clock.now(), find(request, number), acting_post(request)
    if not MACHINE.roles["body"](report, actor_for(report, request.user, post, now=now)):
        raise NotAllowed
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        initial={"version": report.version, "address": report.where},
    )
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        version = given.pop("version")
        by: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
        if attempt(request, form, lambda: _register(report, given, version, by)) is not None:
            messages.success(request, _("Registered, and named as the site of the report."))
            return redirect("hazards:report", number)
    if request.method == "POST":  # typed text stays; what is sent again is about the report as it is now
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["version"] = find(request, number).version  # type: ignore[index]
    status = UNACCEPTABLE if request.method == "POST" else HTTPStatus.OK
    context = {"report": report, "form": form}
    return render(request, "hazards/reports/register.html", context, status=status)


def _register(report: Report, given: dict[str, Any], version: int, by: dict[str, Any]) -> Report:
    """Register an enterprise with one site in the report's place, and name that; both or neither."""
    deepest = next((pk for level in reversed(LEVELS) if (pk := report.place_ids[f"{level}_id"])), 0)
    site = {
        "address": given["address"],
        "longitude": report.longitude,
        "latitude": report.latitude,
        "matters": [report.matter],
    }
    with transaction.atomic():
        enterprise = register_enterprise(
            name=given["name"],
            no_uscc_reason=given["no_uscc_reason"],
            site=site,
            node=District.objects.filter(pk=deepest).first(),
            **by,
        )
        return locate(report=report, site=enterprise.sites.get(), version=version, **by)
