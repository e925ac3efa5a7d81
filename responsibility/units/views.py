"""The page of a unit, and the one on which the committee's office reorganises it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from responsibility.units.forms import ReorganiseForm
from responsibility.units.models import UnitReorganisation
from responsibility.units.queries import members
from responsibility.units.sockets import unit_panels
from responsibility.units.succession import FRAME, KINDS, check, preview, reorganise_units
from safegrid.accounts.middleware import acting_post
from safegrid.grid.choices import SuccessionKind
from safegrid.grid.models import PLANNED, Unit
from safegrid.grid.succession.planned import may_reorganise
from safegrid.grid.views.reorganising import call_off
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit governs, who is in it, what they answer for and what is open."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    row = get_object_or_404(Unit.objects.select_related("district").prefetch_related("governs"), pk=pk)
    people = members(row, request.user, now=clock.now())
    panels = [panel(request, row) for panel in unit_panels]
    context = {
        "unit": row,
        "members": people,
        "open": sum(each.open for each in people),
        "overdue": sum(each.overdue for each in people),
        "vacant": sum(each.holder is None for each in people),
        "follows": row.follows.select_related("predecessor").order_by("pk"),
        "followed_by": row.followed_by.select_related("successor").order_by("pk"),
        "planned": _planned(row),
        "may_reorganise": row.closed_on is None and may_reorganise(request.user, acting_post(request)),
        "panels": [render_to_string(panel[0], panel[1], request) for panel in panels if panel is not None],
    }
    return render(request, "responsibility/unit.html", context)


def _planned(row: Unit) -> UnitReorganisation | None:
    return UnitReorganisation.objects.filter(PLANNED, predecessors=row).order_by("on").first()


@require_POST
def calling_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off what is planned for a unit."""
    row = get_object_or_404(Unit.objects.existing(), pk=pk)
    call_off(request, FRAME, _planned(row))
    return redirect("responsibility:unit_reorganise", pk)


@require_http_methods(["GET", "POST"])
def reorganising(request: HttpRequest, pk: int) -> HttpResponse:
    """Reorganise a unit: the first POST shows how much goes along, the second one (`sure`) does it."""
    post = acting_post(request)
    if not may_reorganise(request.user, post):
        raise PermissionDenied
    row = get_object_or_404(Unit.objects.existing().select_related("district"), pk=pk)
    kind = request.GET.get("kind", "")
    if kind not in KINDS:
        kind = str(SuccessionKind.RENAMED)
    now = clock.now()
    today = clock.local_date(now)
    initial = {name: getattr(row, name) for name in ("name", "name_en", "short_name")}
    initial["document_prefix"] = row.prefix
    sent = request.POST if request.method == "POST" else None
    form = ReorganiseForm(sent, unit=row, kind=kind, initial={**initial, "on": today})
    found = None
    if sent is not None and form.is_valid():
        given = form.given()
        if "sure" in sent:
            who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
            done = attempt(request, form, lambda: reorganise_units(**given, **who))
            if done is not None:
                text = _("Done. Its posts have gone along, with what is open.")
                messages.success(
                    request, text if done.done_at else _("Planned; it is carried out on its day.")
                )
                return redirect("responsibility:unit", pk)
        elif "again" not in sent:
            found = attempt(request, form, lambda: preview(check(**given, today=today)))
    context = {
        "unit": row,
        "kind": kind,
        "kinds": [(each.value, each.label) for each in KINDS],
        "form": form,
        "preview": found,
        "planned": _planned(row),
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/unit_reorganise.html", context, status=status)
