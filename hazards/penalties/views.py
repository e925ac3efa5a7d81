"""The pages of penalties: entering one, reading one, correcting one."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hazards.models import Hazard
from hazards.penalties.forms import CorrectionForm, PenaltyForm
from hazards.penalties.models import Penalty
from hazards.penalties.queries import is_ground, matters_at, may_correct, may_penalise, may_penalise_at
from hazards.penalties.services import correct, penalise
from hazards.penalties.sockets import visit_of, visit_url
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


def _status(form: forms.Form) -> int:
    return UNACCEPTABLE if form.is_bound else HTTPStatus.OK


@require_http_methods(["GET", "POST"])
def of_hazard(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a penalty for a hazard."""
    now, post = clock.now(), acting_post(request)
    rows = Hazard.objects.visible_to(request.user).select_related("enterprise", "site", "matter")
    hazard = get_object_or_404(rows, number=number)
    if not may_penalise(hazard, request.user, post):
        raise NotAllowed
    found_by = visit_of(hazard, request.user)
    form = PenaltyForm(request.POST if request.method == "POST" else None, now=now, visit_number=found_by)
    made = _made(request, form, now, hazard=hazard)
    if made is not None:
        return redirect("hazards:detail", number)
    if not form.is_bound and not is_ground(hazard, now):
        messages.info(request, _("This hazard is no ground for a penalty."))
        return redirect("hazards:detail", number)
    context = {"form": form, "hazard": hazard, "site": hazard.site, "enterprise": hazard.enterprise}
    return render(request, "hazards/penalties/new.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def at_site(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a penalty at a site that is about no hazard in the register."""
    now, post = clock.now(), acting_post(request)
    site = get_object_or_404(Site.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    if post is None or not may_penalise_at(site, request.user, post):
        raise NotAllowed
    data = request.POST if request.method == "POST" else None
    matters, visit = matters_at(site, request.user, post), request.GET.get("visit", "")
    form = PenaltyForm(data, now=now, matters=matters, visit_number=visit)
    made = _made(request, form, now, site=site)
    if made is not None:
        return redirect("hazards:penalty", made.pk)
    context = {"form": form, "hazard": None, "site": site, "enterprise": site.enterprise}
    return render(request, "hazards/penalties/new.html", context, status=_status(form))


def _made(request: HttpRequest, form: PenaltyForm, now: dt.datetime, **of: Any) -> Penalty | None:
    """Return the penalty that the form enters; None for a form that is shown."""
    if not form.is_bound or not form.is_valid():
        return None
    if "matter" in form.fields:
        of["matter"] = form.cleaned_data["matter"]
    made = attempt(
        request,
        form,
        lambda: penalise(
            token=form.cleaned_data["token"],
            decided=form.decided(),
            actor=request.user,
            acting_post=acting_post(request),
            now=now,
            **of,
        ),
    )
    if made is not None:
        messages.success(request, _("Entered: %(document)s") % {"document": made.document})
    return made


def _find(request: HttpRequest, pk: int) -> Penalty:
    rows = Penalty.objects.visible_to(request.user).select_related(
        "enterprise", "site", "matter", "unit", "entered_by", "entered_post"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a penalty, and everything that stood in its place before or stands there since."""
    row = _find(request, pk)
    chain = Penalty.objects.visible_to(request.user).filter(Q(pk=row.first_id) | Q(origin=row.first_id))
    hazard = Hazard.objects.visible_to(request.user).filter(penalties=row).first()
    post = acting_post(request)
    context = {
        "penalty": row,
        "hazard": hazard,
        "visit_url": visit_url(row.visit_number, request.user),
        "versions": list(chain.select_related("entered_by", "entered_post").order_by("pk")),
        "may_correct": row.replaced_at is None and may_correct(row, request.user, post),
    }
    return render(request, "hazards/penalties/detail.html", context)


@require_http_methods(["GET", "POST"])
def correcting(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a penalty: the new row stands, the old one stays to be read."""
    now, row = clock.now(), _find(request, pk)
    if not may_correct(row, request.user, acting_post(request)):
        raise NotAllowed
    form = CorrectionForm(request.POST if request.method == "POST" else None, penalty=row, now=now)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: correct(
                penalty=row,
                token=given["token"],
                decided=form.decided(),
                is_void=given["is_void"],
                reason=given["reason"],
                actor=request.user,
                acting_post=acting_post(request),
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("Corrected. What was entered before stays to be read."))
            return redirect("hazards:penalty", done.pk)
    if not form.is_bound and row.replaced_at is not None:
        raise Http404
    context = {"form": form, "penalty": row, "site": row.site, "enterprise": row.enterprise}
    return render(request, "hazards/penalties/correct.html", context, status=_status(form))
