"""Issuing a paper about hazards: what stands in it is typed, shown as it will be, and then issued."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hazards.models import Hazard
from hazards.papers.choices import PaperKind
from hazards.papers.forms import PaperForm
from hazards.papers.models import HazardPaper
from hazards.papers.queries import candidates, companions, may_correct
from hazards.papers.rules import DECIDES, known_of, leave
from hazards.papers.services import MOST, issue_paper
from hazards.papers.values import paper_values, proposed
from responsibility.documents.pdf import missing, texts_of
from responsibility.documents.services import preview
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Issue a paper about the hazards that `?hazard=` names: of one enterprise, one or several."""
    if kind not in PaperKind.values:
        raise Http404
    if not any(request.GET.getlist("hazard")):
        return _none_chosen(request)
    hazards = _chosen(request)
    known = known_of(hazards, request.user, acting_post(request))
    for hazard in hazards:
        may = leave(PaperKind(kind), hazard, known)
        if may.whose:
            raise NotAllowed(may.whose)
        if may.obstacle and request.method == "GET":
            text = _("%(number)s: %(why)s.") % {"number": hazard.number, "why": may.obstacle}
            messages.info(request, text)
            return redirect("hazards:detail", hazard.number)
    return _page(request, PaperKind(kind), hazards, proposed(PaperKind(kind), hazards))


@require_GET
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose which hazards of an enterprise stand in one order, from the list of its hazards."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    kind, post = PaperKind.ORDER, acting_post(request)
    if post is None or post.kind not in DECIDES:
        raise NotAllowed
    found = candidates(kind, enterprise, request.user, post)
    context = {"kind": kind, "enterprise": enterprise, "found": found}
    return render(request, "hazards/paper_pick.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mistake in a paper right by another one, which names the first."""
    rows = HazardPaper.objects.visible_to(request.user).select_related("document", "corrected_by")
    paper = get_object_or_404(rows, pk=pk)
    items = {item.hazard_id: item.text for item in paper.items.all()}
    every = Hazard.objects.visible_to(request.user).filter(pk__in=items)
    hazards = list(every.select_related("enterprise", "site").order_by("pk"))
    repeated = request.method == "POST" and hasattr(paper, "corrected_by")
    if not repeated and not may_correct(paper, request.user, acting_post(request)):
        raise NotAllowed
    return _page(request, PaperKind(paper.kind), hazards, items, corrects=paper)


def _none_chosen(request: HttpRequest) -> HttpResponse:
    """Lead back to where hazards are chosen."""
    messages.info(request, _("Choose at least one hazard."))
    enterprise = request.GET.get("enterprise", "")
    if enterprise.isascii() and enterprise.isdecimal():
        return redirect("hazards:paper_pick", int(enterprise))
    return redirect("hazards:list")


def _chosen(request: HttpRequest) -> list[Hazard]:
    """Return the hazards that the address names, each of which the person must reach."""
    numbers = list(dict.fromkeys(request.GET.getlist("hazard")))[:MOST]
    rows = Hazard.objects.visible_to(request.user).filter(number__in=numbers)
    found = list(rows.select_related("enterprise", "site").order_by("pk"))
    if not found or len(found) < len(numbers) or len({row.enterprise_id for row in found}) > 1:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    kind: PaperKind,
    hazards: Sequence[Hazard],
    said: dict[int, str],
    corrects: HazardPaper | None = None,
) -> HttpResponse:
    now, post = clock.now(), acting_post(request)
    initial = {"token": uuid.uuid4(), "text": corrects.text if corrects else ""}
    sent = request.POST if request.method == "POST" else None
    form = PaperForm(sent, kind=kind, hazards=hazards, proposed=said, initial=initial)
    shown: dict[str, Any] = {}
    if form.is_bound and form.is_valid() and "again" not in request.POST:
        given = form.given()
        who = {"actor": request.user, "acting_post": post, "now": now}
        if "sure" in request.POST:
            issued = attempt(
                request,
                form,
                lambda: issue_paper(kind=kind, hazards=hazards, corrects=corrects, **given, **who),  # type: ignore[arg-type]
            )
            if issued is not None:
                messages.success(request, _("Issued as %(number)s.") % {"number": str(issued)})
                return redirect("hazards:detail", hazards[0].number)
        else:
            shown = _shown(kind, hazards, given, corrects, request.user, post, now)
    context = {
        "kind": kind,
        "hazards": hazards,
        "form": form,
        "corrects": corrects,
        "others": [] if corrects or shown else companions(kind, hazards, request.user, post),
        "back": hazards[0].number,
        **shown,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "hazards/paper.html", context, status=status)


def _shown(
    kind: PaperKind,
    hazards: Sequence[Hazard],
    given: dict[str, Any],
    corrects: HazardPaper | None,
    user: Any,
    post: Any,
    now: Any,
) -> dict[str, Any]:
    """Return the paper as it will be, with the characters that its PDF cannot show."""
    values = paper_values(
        kind=kind, hazards=hazards, texts=given["texts"], text=given["text"], actor=user, now=now
    )
    blocks = preview(
        kind=kind,
        unit=post.unit,
        values=values,
        corrects=corrects.document if corrects else None,
        now=now,
    )
    return {"blocks": blocks, "missing": "".join(missing(texts_of(blocks)))}
