"""Pages of public reports for officials: one report, its moves, its site, who reported, a telephone call."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hazards.actors import actor_for
from hazards.reports import codes, reporter
from hazards.reports.act_forms import ActForm, EraseForm
from hazards.reports.choices import ReportState, Via
from hazards.reports.forms import ReportForm
from hazards.reports.handling import act, locate, photos_of
from hazards.reports.keys import new_key, read_key
from hazards.reports.lifecycle import MACHINE, TRANSFER
from hazards.reports.listing import TONES
from hazards.reports.models import NO_DEADLINE, Report
from hazards.reports.page import sites_for, timeline
from hazards.reports.passing import may_pass_on
from hazards.reports.services import receive
from hazards.reports.wording import DONE
from responsibility.instructions.subjects import note_url
from responsibility.transfers.lifecycle import speaks
from responsibility.transfers.queries import of_subject
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.queries import holders
from safegrid.files.forms import Intake
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed, Refused
from safegrid.kernel.scope import LEVELS
from safegrid.kernel.views import UNACCEPTABLE, attempt


def find(request: HttpRequest, number: str) -> Report:
    """Return the report `number` when the person reaches it; for everybody else there is none."""
    rows = Report.objects.visible_to(request.user).select_related(
        "site__enterprise", "matter", "unit", "post__unit", "hazard", "entered_by", *LEVELS
    )
    return get_object_or_404(rows.defer(*(f"{level}__boundary" for level in LEVELS)), number=number)


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show what was reported, whose move it is, and what has happened. No word about who reported it."""
    return _page(request, find(request, number))


def _page(request: HttpRequest, report: Report, **more: Any) -> HttpResponse:
    now, post = clock.now(), acting_post(request)
    actor = actor_for(report, request.user, post, now=now)
    offers = MACHINE.offers(report, actor)
    deals = MACHINE.roles["body"](report, actor)
    transfer = of_subject(TRANSFER, report.pk)
    over = (clock.local_date(now) - report.due_on).days if report.due_on != NO_DEADLINE else None
    context = {
        "report": report,
        "tone": TONES[ReportState(report.state)],
        "over": over,
        "photos": list(photos_of(report)),
        "places": [place for level in LEVELS if (place := getattr(report, level)) is not None],
        "holder": holders([report.post_id], on=clock.local_date(now)).get(report.post_id)
        if report.post_id
        else None,
        "mine": [offer.move for offer in offers if offer.allowed],
        "others": [offer for offer in offers if not offer.allowed],
        "may_locate": deals and report.is_open and report.hazard_id is None,
        "may_pass": actor.in_scope and speaks(post) and may_pass_on(report, post) and transfer is None,  # type: ignore[arg-type]
        "transfer": transfer,
        "may_see": reporter.may_see(report, request.user, post),
        "steps": timeline(report),
        "instruct_url": note_url(report, post),
        **more,
    }
    return render(request, "hazards/reports/detail.html", context)


@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one move, or do it."""
    if action not in {move.action for move in MACHINE}:
        raise Http404
    now, report, post = clock.now(), find(request, number), acting_post(request)
    move = MACHINE.find(report, action)
    if move is None:
        messages.info(request, _("This is not possible for %(number)s now.") % {"number": number})
        return redirect("hazards:report", number)
    actor = actor_for(report, request.user, post, now=now)
    if not MACHINE.may(move, report, actor):
        raise NotAllowed(str(MACHINE.words[move.who[0]]))
    sent = request.POST if request.method == "POST" else None
    form = ActForm(sent, report=report, move=move, today=clock.local_date(now))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        given = form.given()
        who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
        done = attempt(
            request,
            form,
            lambda: act(report=report, action=action, given=given, version=version, **who),
        )
        if done is not None:
            messages.success(request, DONE[action])
            return redirect("hazards:report", number)
    if request.method == "POST":
        form.renew(find(request, number).version)
    context = {
        "report": report,
        "form": form,
        "move": move,
        "obstacle": MACHINE.obstacle(move, report, actor),
        "photos": list(photos_of(report)),
    }
    status = UNACCEPTABLE if request.method == "POST" else HTTPStatus.OK
    return render(request, "hazards/reports/act.html", context, status=status)


@require_http_methods(["GET", "POST"])
def locating(request: HttpRequest, number: str) -> HttpResponse:
    """Choose the site at which it is, by its name or among those nearby."""
    now, report, post = clock.now(), find(request, number), acting_post(request)
    if not MACHINE.roles["body"](report, actor_for(report, request.user, post, now=now)) or post is None:
        raise NotAllowed
    if request.method == "POST":
        site = get_object_or_404(Site.objects.visible_to(request.user), pk=_number(request.POST.get("site")))
        try:
            locate(
                report=report,
                site=site,
                version=_number(request.POST.get("version")),
                actor=request.user,  # type: ignore[arg-type]
                acting_post=post,
                now=now,
            )
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("hazards:report", number)
    text = request.GET.get("q", "").strip()
    context = {"report": report, "q": text, "sites": sites_for(report, request.user, post, text)}  # type: ignore[arg-type]
    return render(request, "hazards/reports/site.html", context)


def _number(text: str | None) -> int:
    if not (text or "").isdecimal():
        raise Http404
    return int(text or 0)


@require_POST
def reporter_shown(request: HttpRequest, number: str) -> HttpResponse:
    """Show who reported it, once; the ledger keeps who looked."""
    report = find(request, number)
    try:
        person = reporter.look(
            report=report, actor=request.user, acting_post=acting_post(request), now=clock.now()
        )
    except Refused as refusal:
        messages.info(request, refusal.message)
        return redirect("hazards:report", number)
    response = _page(request, report, person=person)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def erasing(request: HttpRequest, number: str) -> HttpResponse:
    """Erase who reported it, for a reason."""
    report, post = find(request, number), acting_post(request)
    if not reporter.may_see(report, request.user, post):
        raise NotAllowed
    form = EraseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": clock.now()}
        done = attempt(request, form, lambda: reporter.erase(report=report, reason=reason, **who))
        if done:
            messages.success(request, DONE["erase"])
            return redirect("hazards:report", number)
    context = {"report": report, "form": form, "back": reverse("hazards:report", args=[number])}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "hazards/reports/erase.html", context, status=status)


@require_http_methods(["GET", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Write down what somebody told by telephone: the same form, and the number to be read to them."""
    post, now = acting_post(request), clock.now()
    if not speaks(post):
        raise NotAllowed
    key = read_key(request.POST.get("token", "")) or new_key()
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ReportForm(*sent, site=None, intake=Intake(request.user, now), now=now)
    if request.method == "POST" and form.is_valid():
        row = receive(
            key=key.key, told=form.told(), via=Via.PHONE, actor=request.user, acting_post=post, now=now
        )
        text = _("Read this number to the caller: %(number)s. With it they see what becomes of it.")
        messages.success(request, text % {"number": codes.grouped(row.tracking)})
        return redirect("hazards:report", row.number)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "hazards/reports/call.html", {"form": form, "key": key}, status=status)
