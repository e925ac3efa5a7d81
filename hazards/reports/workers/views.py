"""The form inside an enterprise, and the enterprise's own pages of what came of it."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hazards.reports import gates, limits
from hazards.reports.act_forms import EraseForm
from hazards.reports.choices import CodeKind
from hazards.reports.forms import TRAP
from hazards.reports.keys import FormKey, new_key, read_key
from hazards.reports.public_views import many, not_taken, to_receipt
from hazards.reports.wording import DONE
from hazards.reports.workers.forms import AnswerForm, WorkerForm
from hazards.reports.workers.models import WorkerReport
from hazards.reports.workers.services import answer, erase_name, may_answer, name_of, photos_of, receive
from responsibility.assignments.qr import qr_code
from safegrid.accounts.middleware import acting_post
from safegrid.files.forms import Intake
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

SHOWN = 100  # of the latest reports


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """Show the form inside an enterprise, or take the report in and go on to its receipt."""
    site = gates.site_at(code, CodeKind.WORKER)
    if site is None:
        return render(request, "report/unknown_gate.html", status=HTTPStatus.NOT_FOUND)
    now = clock.now()
    key = read_key(request.POST.get("token", "")) if request.method == "POST" else new_key()
    if key is not None and (known := WorkerReport.objects.filter(key=key.key).first()) is not None:
        return to_receipt(request, known)
    if request.method != "POST":
        return _show(request, WorkerForm(intake=_intake(key, now)), key, site)  # type: ignore[arg-type]
    who = limits.sender(request, now=now)
    problem, status = not_taken(request, key, who)
    key = key or new_key()
    if problem:
        return _show(request, WorkerForm(request.POST, intake=_intake(key, now)), key, site, problem, status)
    form = WorkerForm(request.POST, request.FILES, intake=_intake(key, now))
    if not form.is_valid():
        return _show(request, form, key, site, status=UNACCEPTABLE)
    if limits.is_too_much("report", who) or limits.is_too_much("gate", code):
        return _show(request, form, key, site, many(), HTTPStatus.TOO_MANY_REQUESTS)
    return to_receipt(request, receive(key=key.key, site=site, now=now, **form.cleaned_data))


def _intake(key: FormKey, now: dt.datetime) -> Intake:
    return Intake(None, now, form_key=key.key)


def _show(
    request: HttpRequest,
    form: WorkerForm,
    key: FormKey,
    site: Site,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"form": form, "key": key, "site": site, "problem": problem, "trap": TRAP, "inside": True}
    return render(request, "report/new.html", context, status=status)


def _enterprises_only(request: HttpRequest) -> None:
    if not reach_of(request.user).enterprise_ids:
        raise NotAllowed


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show what workers have reported, what is open on top, and the sites with their codes."""
    _enterprises_only(request)
    now = clock.now()
    rows = WorkerReport.objects.visible_to(request.user).select_related("site", "hazard")
    latest = rows.order_by("-received_at", "-pk")[:SHOWN]
    shown = sorted(latest, key=lambda row: not row.is_open)
    own = reach_of(request.user).enterprise_ids
    context = {
        "rows": [(row, row.days_over(now)) for row in shown],
        "sites": Site.objects.filter(enterprise__in=own).order_by("name", "pk"),
    }
    return render(request, "hazards/workers/list.html", context)


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code of a site inside the enterprise, to be printed and hung up."""
    _enterprises_only(request)
    own = reach_of(request.user).enterprise_ids
    site = get_object_or_404(Site.objects.select_related("enterprise"), pk=pk, enterprise__in=own)
    code = gates.code_of(site, CodeKind.WORKER, now=clock.now())
    address = f"{settings.SITE_URL}{reverse('report:inside', args=[code])}"
    return render(request, "hazards/workers/notice.html", {"site": site, "qr": qr_code(address)})


def _find(request: HttpRequest, number: str) -> WorkerReport:
    rows = WorkerReport.objects.visible_to(request.user).select_related("site__enterprise", "hazard")
    return get_object_or_404(rows, number=number)


def _page(request: HttpRequest, report: WorkerReport, name: str | None = None) -> HttpResponse:
    context = {
        "report": report,
        "photos": list(photos_of(report)),
        "over": report.days_over(clock.now()),
        "may_answer": may_answer(report, request.user, acting_post(request)),
        "name": name,
    }
    return render(request, "hazards/workers/detail.html", context)


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show one report, without the name of who told it."""
    return _page(request, _find(request, number))


@require_POST
def named(request: HttpRequest, number: str) -> HttpResponse:
    """Show who reported it, once; the ledger keeps who looked."""
    report = _find(request, number)
    who = acting_post(request)
    name = name_of(report=report, actor=request.user, acting_post=who, now=clock.now())  # type: ignore[arg-type]
    response = _page(request, report, name)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def erasing(request: HttpRequest, number: str) -> HttpResponse:
    """Erase who reported it, for a reason."""
    report, post = _find(request, number), acting_post(request)
    if not may_answer(report, request.user, post):
        raise NotAllowed
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": clock.now()}
        reason = form.cleaned_data["reason"]
        if attempt(request, form, lambda: erase_name(report=report, reason=reason, **who)):
            messages.success(request, DONE["erase"])
            return redirect("hazards:worker_report", number)
    context = {"report": report, "form": form, "back": reverse("hazards:worker_report", args=[number])}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "hazards/reports/erase.html", context, status=status)


@require_http_methods(["GET", "POST"])
def answering(request: HttpRequest, number: str, way: str) -> HttpResponse:
    """Answer a report: with a plan (`plan`), or in words (`words`)."""
    if way not in ("plan", "words"):
        raise Http404
    now, report, post = clock.now(), _find(request, number), acting_post(request)
    if not may_answer(report, request.user, post):
        raise NotAllowed
    if not report.is_open:
        messages.info(request, _("It was answered already; nothing was changed."))
        return redirect("hazards:worker_report", number)
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, report=report, with_plan=way == "plan", now=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: answer(
                report=report,
                feedback=given["feedback"],
                plan=form.plan(),
                version=given["version"],
                actor=request.user,  # type: ignore[arg-type]
                acting_post=post,
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("Answered. Who reported it sees the answer by their number."))
            return redirect("hazards:worker_report", number)
    context = {"report": report, "form": form, "way": way, "photos": list(photos_of(report))}
    status = UNACCEPTABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "hazards/workers/answer.html", context, status=status)
