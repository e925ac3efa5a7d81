"""The page on which a hazard is entered by hand: first where, then what."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hazards.entering.forms import EnterForm
from hazards.entering.services import enter, perhaps_known
from hazards.models import Hazard
from hazards.sources import sources_of
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import User
from safegrid.files.forms import Intake
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.findable import found_by
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt

FOUND = 20  # sites offered at once


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a site, then say what is wrong there. Who has one site is not asked which."""
    post, now = acting_post(request), clock.now()
    if post is None or not sources_of(post):
        raise NotAllowed
    sites = Site.objects.editable_by(request.user, post).select_related("enterprise").order_by("name", "pk")
    wanted, text = request.GET.get("site", ""), request.GET.get("q", "").strip()
    if not wanted:
        found = list((sites.filter(found_by(text)) if text else sites)[:FOUND])
        if len(found) != 1 or text:
            return render(request, "hazards/enter_where.html", {"q": text, "sites": found})
        site = found[0]
    elif not wanted.isascii() or not wanted.isdecimal() or len(wanted) > 18:
        raise Http404
    else:
        site = get_object_or_404(sites, pk=int(wanted))
    user: User = request.user  # type: ignore[assignment]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EnterForm(*sent, site=site, user=user, post=post, intake=Intake(user, now), now=now)
    likely: list[Hazard] = []
    if sent and form.is_valid():
        given: dict[str, Any] = {k: v for k, v in form.cleaned_data.items() if v not in (None, "")}
        who: dict[str, Any] = {"actor": user, "acting_post": post}
        if not given.pop("is_another", False):
            likely = perhaps_known(token=given["token"], site=site, title=given["title"], **who)
        if likely:
            form.ask_whether_another()
        else:
            done = attempt(request, form, lambda: enter(site=site, now=now, **who, **given))
            if done is not None:
                messages.success(request, _("Registered as %(number)s.") % {"number": done.number})
                return redirect("hazards:detail", done.number)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(
        request, "hazards/enter.html", {"site": site, "form": form, "likely": likely}, status=status
    )
