"""Pages of leaders' duties."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from responsibility.instructions.subjects import note_url
from responsibility.leaders import queries
from responsibility.leaders.choices import DeedKind
from responsibility.leaders.elsewhere import Led, elsewhere
from responsibility.leaders.forms import CancelForm, CorrectForm, DutyForm, RecordForm, TableForm, WingForm
from responsibility.leaders.lifecycle import Context, is_at_once, may_record
from responsibility.leaders.models import Leader, LeaderDeed, Wing
from responsibility.leaders.services import (
    cancel_deed,
    correct_deed,
    let_go,
    may_direct,
    record_deed,
    set_duty,
    take_under_wing,
)
from responsibility.leaders.table import office_table
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.findable import SHORTEST, found_by
from safegrid.kernel.names import choose
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

FOUND = 50  # enterprises offered at once
MONTHS_IN_QUARTER = 3


def _leader(request: HttpRequest, post: int) -> Leader:
    seen = Leader.objects.visible_to(request.user).select_related("post__unit__district", "unit")
    return get_object_or_404(seen, post=post)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}


def _status(form: forms.BaseForm) -> int:
    return UNACCEPTABLE if form.errors else HTTPStatus.OK


@require_http_methods(["GET", "POST"])
def leader(request: HttpRequest, post: int) -> HttpResponse:
    """Show what a leading post owes and did; a POST records something that it did."""
    row = _leader(request, post)
    acting, now = acting_post(request), clock.now()
    kind = request.GET.get("kind", "")
    form = RecordForm(
        request.POST if request.method == "POST" else None,
        wing=queries.visitable(row, request.user, now=now) if may_record(row, acting) else (),
        initial={
            "day": clock.local_date(now),
            "kind": kind if kind in DeedKind.values else DeedKind.CHECK,
        },
    )
    if request.method == "POST":
        if not may_record(row, acting):
            raise NotAllowed
        if form.is_valid() and _record(request, row, form):
            messages.success(request, _("Recorded. It counts for its period."))
            return redirect("responsibility:leader", post)
    context = {
        "leader": row,
        "page": queries.page(row, request.user, acting, now=now),
        "form": form,
        "may_record": may_record(row, acting),
        "may_direct": may_direct(row, acting),
        "instruct_url": note_url(row, acting),
        "today": clock.local_date(now),
    }
    return render(request, "responsibility/leader.html", context, status=_status(form))


def _record(request: HttpRequest, row: Leader, form: RecordForm) -> LeaderDeed | None:
    led = None
    if number := form.cleaned_data["visit"].strip():
        led = _find(request, number)
        if led is None:
            form.add_error("visit", _("No visit that you may read has this number."))
            return None
    return attempt(
        request,
        form,
        lambda: record_deed(
            token=form.cleaned_data["token"],
            leader=row,
            kind=form.cleaned_data["kind"],
            done=form.done,
            led=led,
            **_who(request),
        ),
    )


def _find(request: HttpRequest, number: str) -> Led | None:
    found = (plug.find(request.user, number) for plug in elsewhere)
    return next((led for led in found if led is not None), None)


def _deed(request: HttpRequest, post: int, pk: int) -> tuple[Leader, LeaderDeed]:
    row = _leader(request, post)
    if not may_record(row, acting_post(request)):
        raise NotAllowed
    found = get_object_or_404(LeaderDeed.objects.select_related("recorded_by"), pk=pk, leader=row)
    found.leader = row
    return row, found


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, post: int, pk: int) -> HttpResponse:
    """Correct what was recorded."""
    row, found = _deed(request, post, pk)
    if found.source or found.cancelled_at:
        raise Http404
    names = ("day", "what", "where", "found", "fixed", "evidence")
    is_contact = found.kind == DeedKind.CONTACT
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        wing=queries.visitable(row, request.user, now=clock.now()) if is_contact else None,
        initial={name: getattr(found, name) for name in names} | {"enterprise": found.enterprise_id},
    )
    if request.method == "POST" and form.is_valid():
        done, reason = form.done, form.cleaned_data["reason"]
        who = _who(request)
        if attempt(request, form, lambda: correct_deed(deed=found, done=done, reason=reason, **who)):
            messages.success(request, _("Corrected."))
            return redirect("responsibility:leader", post)
    context = {
        "leader": row,
        "form": form,
        "title": _("Correct what was recorded"),
        "button": _("Correct"),
        "hint": ""
        if is_at_once(found, Context(request.user, acting_post(request), clock.now()))
        else _("What stood there before stays in sight."),
    }
    return render(request, "responsibility/leader_form.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, post: int, pk: int) -> HttpResponse:
    """Let something no longer count, for a reason."""
    row, found = _deed(request, post, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, who = form.cleaned_data["reason"], _who(request)
        if attempt(request, form, lambda: cancel_deed(deed=found, reason=reason, **who)):
            messages.success(request, _("It no longer counts; it stays in sight."))
            return redirect("responsibility:leader", post)
        if not form.errors:
            return redirect("responsibility:leader", post)
    context = {
        "leader": row,
        "form": form,
        "title": _("Let it not count"),
        "button": _("Let it not count"),
        "danger": True,
        "hint": " · ".join(
            part for part in (found.day.isoformat(), str(found.get_kind_display()), found.what) if part
        ),
    }
    return render(request, "responsibility/leader_form.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def duty(request: HttpRequest, post: int) -> HttpResponse:
    """Lay down by hand what a leading post owes."""
    row = _leader(request, post)
    if not may_direct(row, acting_post(request)):
        raise NotAllowed
    form = DutyForm(
        request.POST if request.method == "POST" else None,
        initial={"since": clock.local_date(clock.now()), "rhythm": "quarterly"},
    )
    if request.method == "POST" and form.is_valid():
        given, who = form.cleaned_data, _who(request)
        if attempt(request, form, lambda: set_duty(leader=row, **given, **who)):
            messages.success(request, _("Laid down. What is running keeps its number until it ends."))
            return redirect("responsibility:leader", post)
    context = {
        "leader": row,
        "form": form,
        "title": _("Lay down a duty"),
        "button": _("Lay down"),
        "hint": _("It goes before the policy for posts of this kind, on these days."),
    }
    return render(request, "responsibility/leader_form.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
def wing(request: HttpRequest, post: int) -> HttpResponse:
    """Look for enterprises, and take those that are chosen under the wing."""
    row = _leader(request, post)
    if not may_direct(row, acting_post(request)):
        raise NotAllowed
    now = clock.now()
    today = clock.local_date(now)
    text = request.GET.get("q", "").strip()
    there = Wing.objects.filter(leader=row, span__contains=today).values("enterprise")
    found = Enterprise.objects.visible_to(request.user).exclude(pk__in=there)
    found = found.filter(found_by(text)) if len(text) >= SHORTEST else found.none()
    rows = list(found.order_by("name", "pk")[: FOUND + 1])
    form = WingForm(
        request.POST if request.method == "POST" else None,
        choices=[(each.pk, choose(each.name, each.name_en)) for each in rows[:FOUND]],
        initial={"since": today},
    )
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["enterprises"])
        since, who = form.cleaned_data["since"], _who(request)
        picked = [each for each in rows if each.pk in chosen]
        done = attempt(
            request,
            form,
            lambda: take_under_wing(leader=row, enterprises=picked, since=since, **who),
        )
        if done is not None:
            messages.success(request, _("Under the wing: %(n)s more.") % {"n": done})
            return redirect("responsibility:leader", post)
    context = {
        "leader": row,
        "form": form,
        "q": text,
        "rows": rows[:FOUND],
        "more": len(rows) > FOUND,
        "is_asked": len(text) >= SHORTEST,
    }
    return render(request, "responsibility/leader_wing.html", context, status=_status(form))


@require_POST
def release(request: HttpRequest, post: int, pk: int) -> HttpResponse:
    """Let an enterprise be no longer under the wing from today on."""
    row = _leader(request, post)
    if not may_direct(row, acting_post(request)):
        raise NotAllowed
    seen = Enterprise.objects.visible_to(request.user).values("pk")
    found = get_object_or_404(Wing.objects.select_related("leader"), pk=pk, leader=row, enterprise__in=seen)
    who = _who(request)
    on = clock.local_date(who["now"])
    if attempt(request, forms.Form(), lambda: let_go(wing=found, on=on, **who)):
        messages.success(request, _("No longer under the wing, from today on."))
    return redirect("responsibility:leader", post)


@require_GET
def table(request: HttpRequest) -> HttpResponseBase:
    """Choose a year and a quarter, and give the table of them as a sheet."""
    if not reach_of(request.user).is_official:
        raise NotAllowed
    today = clock.local_date(clock.now())
    this = {"year": today.year, "quarter": (today.month - 1) // MONTHS_IN_QUARTER + 1}
    form = TableForm(request.GET if "year" in request.GET else None, initial=this)
    if form.is_bound and form.is_valid():
        year, quarter = form.cleaned_data["year"], form.cleaned_data["quarter"]
        name = f"leaders-{year}-Q{quarter}" if quarter else f"leaders-{year}"
        return office_table(request.user, year=year, quarter=quarter, today=today).response(f"{name}.xlsx")
    return render(request, "responsibility/leaders_table.html", {"form": form}, status=_status(form))
