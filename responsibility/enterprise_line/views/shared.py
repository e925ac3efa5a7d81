"""What the pages of the enterprise's own line share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from responsibility.enterprise_line.models import Staff
from responsibility.enterprise_line.services.writing import may_write
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt


def find(request: HttpRequest, pk: int) -> Enterprise:
    """Return an enterprise that the person reaches; raise Http404 for any other."""
    return get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)


def around(request: HttpRequest, enterprise: Enterprise, tab: str) -> dict[str, Any]:
    """Return what every page takes: whose it is, which tab, whether the person keeps its books.

    For officials the page is one behind their list of certificates.
    """
    if reach_of(request.user).is_official:
        request.shown_at = reverse("responsibility:own_credentials")  # type: ignore[attr-defined]
    return {
        "enterprise": enterprise,
        "tab": tab,
        "may_write": may_write(acting_post(request), enterprise.pk),
        "today": clock.local_date(clock.now()),
    }


def writer(request: HttpRequest, enterprise_id: int, now: dt.datetime) -> dict[str, Any]:
    """Return who writes, as services take it; raise NotAllowed for whoever does not keep the books."""
    post = acting_post(request)
    if not may_write(post, enterprise_id):
        raise NotAllowed
    return {"actor": request.user, "acting_post": post, "now": now}


def people_of(enterprise_id: int) -> list[Staff]:
    """Return who is there, by name. One query."""
    return list(Staff.objects.present().filter(enterprise=enterprise_id).order_by("name", "pk"))


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], Any],
    *,
    enterprise: Enterprise,
    tab: str,
    title: Any,
    button: Any,
    done: Any,
    to: Callable[[Any], str],
    back: str,
    hint: Any = "",
    is_danger: bool = False,
    template: str = "responsibility/own/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form; on a POST that is in order do `act`, say `done` and go where `to` leads."""
    if request.method == "POST" and form.is_valid():
        result = attempt(request, form, act)
        if result is not None:
            messages.success(request, done)
            return redirect(to(result))
    status = UNACCEPTABLE if form.is_bound and form.errors else HTTPStatus.OK
    shown = {
        "form": form,
        "title": title,
        "button": button,
        "back": back,
        "hint": hint,
        "is_danger": is_danger,
    }
    return render(request, template, around(request, enterprise, tab) | shown | context, status=status)


def bound(request: HttpRequest) -> Any:
    """Return what was sent, None for a page that is only opened."""
    return request.POST if request.method == "POST" else None
