"""Recording a visit, and the page of one."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from hazards.penalties.queries import may_penalise_at
from inspections.choices import Result, VisitKind
from inspections.forms.visits import LookedSheet, VisitForm
from inspections.models import Visit
from inspections.queries import kinds_of, visitable
from inspections.services.visits import record_visit
from responsibility.instructions.subjects import note_url
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Post, User
from safegrid.files.forms import Intake
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.findable import found_by
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, refusals_to_form

FOUND = 20  # sites offered at once
LAST_VISITS = 5
YEAR = dt.timedelta(days=365)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose a site, then record what was found there."""
    post = acting_post(request)
    if post is None or not kinds_of(post):
        raise NotAllowed
    wanted = request.GET.get("site", "")
    if not wanted:
        return _choose(request, post)
    if not wanted.isdecimal():
        raise Http404
    site = get_object_or_404(visitable(request.user, post), pk=int(wanted))
    now = clock.now()
    user: User = request.user  # type: ignore[assignment]
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = VisitForm(*sent, site=site, user=user, post=post, now=now)
    sheet = LookedSheet(site, user, post, intake=Intake(user, now), data=sent[0], files=sent[1])
    if sent[0] is not None and (visit := _record(form, sheet, site, user, post, now)) is not None:
        return redirect("inspections:visit_detail", visit.number)
    is_refused = sent[0] is not None
    context = {
        "site": site,
        "form": form,
        "groups": sheet.groups(form.chosen_matter),
        "results": Result.choices,
        "last_visits": _last_visits(site, user, now),
        "is_refused": is_refused,
    }
    status = UNACCEPTABLE if is_refused else HTTPStatus.OK
    return render(request, "inspections/visit_new.html", context, status=status)


def _record(
    form: VisitForm, sheet: LookedSheet, site: Site, user: User, post: Post, now: dt.datetime
) -> Visit | None:
    """Record what the forms hold; None when something in them is not acceptable, said beside it."""
    is_sheet_valid = sheet.is_valid()  # also when the visit itself is not: no photo is lost
    if not (form.is_valid() and is_sheet_valid):
        return None
    given = form.cleaned_data
    try:
        return record_visit(
            token=given["token"],
            kind=VisitKind(given["kind"]),
            site=site,
            matter=given["matter"],
            visited_at=given["visited_at"],
            officers=form.companions,
            items=sheet.looked(),
            actor=user,
            acting_post=post,
            now=now,
            note=given["note"],
            refused_to_sign=given["refused_to_sign"],
        )
    except Invalid as refusal:
        rest = sheet.refuse(refusal.message_dict)
        form.items_errors = list(rest.pop("items", []))
        refusals_to_form(form, Invalid(rest))
    return None


def _choose(request: HttpRequest, post: Post) -> HttpResponse:
    """Let a site be chosen by its name, address or enterprise."""
    text = request.GET.get("q", "").strip()
    sites = visitable(request.user, post).order_by("name", "pk")
    if text:
        sites = sites.filter(found_by(text))
    return render(request, "inspections/visit_site.html", {"q": text, "sites": sites[:FOUND]})


def _last_visits(site: Site, user: Any, now: dt.datetime) -> Any:
    """Who was there within a year: nobody should come twice for the same thing."""
    found = Visit.objects.visible_to(user).filter(site=site, visited_at__gte=now - YEAR)
    return found.select_related("unit", "matter").order_by("-visited_at")[:LAST_VISITS]


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one visit: who, when, what was looked at, what was found."""
    seen = Visit.objects.visible_to(request.user).select_related(
        "site", "enterprise", "matter", "unit", "recorded_by", "recorded_post"
    )
    visit = get_object_or_404(seen, number=number)
    items = visit.items.select_related("item__matter", "hazard").order_by("item__matter__path", "item__order")
    context = {
        "visit": visit,
        "officers": visit.officers.select_related("user", "post__unit").order_by("pk"),
        "items": items,
        "instruct_url": note_url(visit, acting_post(request)),
        "may_penalise": visit.kind == VisitKind.INSPECTION
        and may_penalise_at(visit.site, request.user, acting_post(request)),
    }
    return render(request, "inspections/visit_detail.html", context)
