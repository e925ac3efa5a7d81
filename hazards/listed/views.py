"""The page on which a hazard is listed, and the page of each move on its listing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hazards.actors import actor_for
from hazards.listed.deeds import LIST_STEP, STEP
from hazards.listed.forms import ActForm, ListForm
from hazards.listed.lifecycle import MACHINE
from hazards.listed.models import ListedSupervision
from hazards.listed.panel import listings_of
from hazards.listed.queries import rules_above, rules_for
from hazards.listed.services import act, list_hazard
from hazards.listed.wording import DONE, HINT, SIBLINGS
from hazards.models import Hazard
from safegrid.accounts.middleware import acting_post
from safegrid.files.forms import Intake
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


def _find(request: HttpRequest, number: str) -> Hazard:
    """Return the hazard `number` when the person reaches it; for everybody else there is none."""
    rows = Hazard.objects.visible_to(request.user).select_related("enterprise", "site", "matter")
    return get_object_or_404(rows, number=number)


@require_http_methods(["GET", "POST"])
def list_it(request: HttpRequest, number: str) -> HttpResponse:
    """Show the form by which a hazard is listed, or list it."""
    now, hazard, post = clock.now(), _find(request, number), acting_post(request)
    today = clock.local_date(now)
    rules = rules_for(hazard, actor_for(hazard, request.user, post, now=now), today)
    if not rules:
        raise NotAllowed(_("a government, the safety committee office or a member unit does this"))
    present = next(iter(listings_of(hazard)), None)
    is_raised = present is not None and present.is_open
    if present is not None and is_raised:
        is_own = present.listed_by_id == request.user.pk and present.version == 1
        is_repeated = is_own and request.POST.get("level") == present.level
        rules = rules_above(rules, present)
        if is_repeated or not rules:
            repeated = _("This was done already; nothing was done twice.")
            messages.info(request, repeated if is_own else _("It is listed already."))
            return redirect("hazards:detail", number)
    if not (hazard.is_major and hazard.is_open):
        messages.info(request, _("Only an open major hazard is listed."))
        return redirect("hazards:detail", number)
    form = ListForm(request.POST if request.method == "POST" else None, rules=rules, today=today)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
        done = attempt(request, form, lambda: list_hazard(hazard=hazard, **given, **who))
        if done is not None:
            messages.success(request, DONE["list"])
            return redirect("hazards:detail", number)
    context = {
        "hazard": hazard,
        "form": form,
        "title": _("List at a higher level") if is_raised else _("List for supervision"),
        "hint": HINT["raise" if is_raised else "list"],
        "tone": "primary",
    }
    status = UNACCEPTABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "hazards/listed/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one move on the listing of a hazard, or make it."""
    if action not in {move.action for move in MACHINE}:
        raise Http404
    now, hazard, post = clock.now(), _find(request, number), acting_post(request)
    row = _row(request, hazard)
    if request.method == "POST" and _is_repeated(request, row, action):
        messages.info(request, _("This was done already; nothing was done twice."))
        return redirect("hazards:detail", number)
    move = MACHINE.find(row, action)
    if move is None:
        messages.info(request, _("This is not possible for %(number)s now.") % {"number": number})
        return redirect("hazards:detail", number)
    actor = actor_for(hazard, request.user, post, now=now)
    if not MACHINE.may(move, row, actor):
        raise NotAllowed(str(MACHINE.words[move.who[0]]))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ActForm(*sent, listing=row, move=move, intake=Intake(request.user, now))
    if request.method == "POST" and form.is_valid():
        given, version = form.given(), form.cleaned_data["version"]
        who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
        done = attempt(
            request, form, lambda: act(listing=row, action=action, given=given, version=version, **who)
        )
        if done is not None:
            messages.success(request, DONE[action])
            return redirect("hazards:detail", number)
    if request.method == "POST":  # typed text stays; what is sent again is about the listing as it is now
        row = _row(request, hazard)
        form.renew(row)
    offers = MACHINE.offers(row, actor)
    context = {
        "hazard": hazard,
        "listing": row,
        "form": form,
        "title": move.label,
        "hint": HINT[action],
        "tone": move.tone,
        "obstacle": MACHINE.obstacle(move, row, actor),
        "siblings": [o.move for o in offers if o.allowed and o.move.action in SIBLINGS.get(action, ())],
    }
    status = UNACCEPTABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "hazards/listed/form.html", context, status=status)


def _row(request: HttpRequest, hazard: Hazard) -> ListedSupervision:
    """Return the listing that a form names, the latest one without a form; none is no page."""
    found, named = listings_of(hazard), request.POST.get("listing", "")
    if named:
        found = [row for row in found if str(row.pk) == named]
    if not found:
        raise Http404
    return found[0]


def _is_repeated(request: HttpRequest, row: ListedSupervision, action: str) -> bool:
    """Whether the last step of the listing is this very form, sent before by the same person."""
    last = row.hazard.steps.filter(action__startswith=LIST_STEP).order_by("-pk").first()
    same = last is not None and last.action == STEP.format(action) and last.actor_id == request.user.pk
    return same and request.POST.get("version") == str(row.version - 1)
