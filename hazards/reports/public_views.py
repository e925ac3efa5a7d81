"""The pages that anybody may open: tell of a danger, the receipt, and what became of it.

They need no account and no script, and say nothing about anybody.
"""

import datetime as dt
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hazards.reports import codes, gates, limits
from hazards.reports.choices import Via
from hazards.reports.forms import TRAP, ReportForm, StatusForm
from hazards.reports.keys import FormKey, new_key, read_key
from hazards.reports.models import Report
from hazards.reports.services import receive
from hazards.reports.wording import TOLD, TOLD_INSIDE
from hazards.reports.workers.models import WorkerReport
from safegrid.files.forms import MAX_PHOTOS, Intake
from safegrid.files.models import StoredFile
from safegrid.files.services import store
from safegrid.grid.choices import Level
from safegrid.grid.map.queries import areas as outlines
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid
from safegrid.kernel.views import UNACCEPTABLE

RECEIPT = "report_receipt"  # in the session: the tracking number is in no address, and so in no log
KEPT = 60 * 60  # seconds that outlines are kept by the browser
DRAWN = (Level.DISTRICT, Level.TOWNSHIP)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show the form, or take the report in and go on to its receipt. `code` is that of a gate."""
    site = gates.site_at(code) if code else None
    if code and site is None:
        return render(request, "report/unknown_gate.html", status=HTTPStatus.NOT_FOUND)
    now = clock.now()
    if request.method != "POST":
        key = new_key()
        form = ReportForm(site=site, intake=Intake(None, now, form_key=key.key), now=now)
        return _show(request, form, key, site)
    return _send(request, site, code, now)


def _send(request: HttpRequest, site: Site | None, code: str, now: dt.datetime) -> HttpResponse:
    key = read_key(request.POST.get("token", ""))
    if key is not None and (known := Report.objects.filter(key=key.key).first()) is not None:
        return to_receipt(request, known)
    who = limits.sender(request, now=now)
    problem, status = not_taken(request, key, who)
    key = key or new_key()
    if problem:
        form = ReportForm(request.POST, site=site, intake=Intake(None, now, form_key=key.key), now=now)
        return _show(request, form, key, site, problem=problem, status=status)
    form = ReportForm(
        request.POST, request.FILES, site=site, intake=Intake(None, now, form_key=key.key), now=now
    )
    if not form.is_valid():
        return _show(request, form, key, site, status=UNACCEPTABLE)
    if limits.is_too_much("report", who) or (code and limits.is_too_much("gate", code)):
        return _show(request, form, key, site, problem=many(), status=HTTPStatus.TOO_MANY_REQUESTS)
    via = Via.GATE if site is not None else Via.WEB
    return to_receipt(request, receive(key=key.key, told=form.told(), via=via, now=now))


def not_taken(request: HttpRequest, key: FormKey | None, who: str) -> tuple[str, int]:
    """Return why the form is not looked at, in words, and the status that says so; empty when it is."""
    if key is None or request.POST.get(TRAP):
        return _("It was not taken yet. Look at it once more and send it again."), UNACCEPTABLE
    if key.is_hasty:
        return _("That was very quick. Wait a few seconds and send it again."), UNACCEPTABLE
    if request.FILES and limits.is_too_much("photo", who):
        return many(), HTTPStatus.TOO_MANY_REQUESTS
    return "", HTTPStatus.OK


def many() -> str:
    """Return the words for whoever is beyond a limit."""
    return _(
        "Very many reports came from your network or about this place within an hour. "
        "Nothing is lost: wait a while, then send it again. In an emergency call 119 or 110."
    )


def _show(
    request: HttpRequest,
    form: ReportForm,
    key: FormKey,
    site: Site | None,
    *,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {"form": form, "key": key, "site": site, "problem": problem, "trap": TRAP}
    return render(request, "report/new.html", context, status=status)


def to_receipt(request: HttpRequest, report: Report | WorkerReport) -> HttpResponse:
    """Go on to the receipt of a report that was taken in."""
    request.session[RECEIPT] = report.tracking
    return redirect("report:receipt")


@login_not_required
@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the tracking number of the report that was just sent from this browser."""
    row = _by_number(request.session.get(RECEIPT, ""))
    if row is None:
        return redirect("report:status")
    kept = StoredFile.objects.filter(form_key=row.key, evidence__isnull=False).distinct().count()
    context = {"number": codes.grouped(row.tracking), "received_at": row.received_at, "photos": kept}
    return render(request, "report/receipt.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Tell what became of a report: how it stands and the answer, never who is in it."""
    form = StatusForm(request.POST if request.method == "POST" else None)
    found, code = None, HTTPStatus.OK
    if request.method == "POST":
        if limits.is_too_much("status", limits.sender(request, now=clock.now())):
            form.add_error("number", _("Too many numbers were tried from your network. Wait an hour."))
            code = HTTPStatus.TOO_MANY_REQUESTS
        elif form.is_valid():
            found = _look_up(form)
        code = UNACCEPTABLE if form.errors and code == HTTPStatus.OK else code
    words = TOLD_INSIDE if isinstance(found, WorkerReport) else TOLD
    context = {"form": form, "found": found, "words": words[found.state] if found else ""}
    if found is not None:
        context["number"] = codes.grouped(found.tracking)
    return render(request, "report/status.html", context, status=code)


def _by_number(tracking: str) -> Report | WorkerReport | None:
    """Return the report with a tracking number: to officials, or to an enterprise."""
    found = Report.objects.filter(tracking=tracking).first()
    return found or WorkerReport.objects.filter(tracking=tracking).first()


def _look_up(form: StatusForm) -> Report | WorkerReport | None:
    tracking = codes.read(form.cleaned_data["number"])
    if tracking is None:
        form.add_error("number", _("A character is wrong or missing. Compare it with your receipt."))
        return None
    found = _by_number(tracking)
    if found is None:
        form.add_error("number", _("There is no report with this number."))
    return found


@login_not_required
@require_POST
def photo(request: HttpRequest, token: str) -> JsonResponse:
    """Take one photo ahead of its form, as `files:upload` does for who is signed in."""
    key, now = read_key(token), clock.now()
    given = request.FILES.get("photo")
    if key is None:
        return JsonResponse({"error": _("This page is too old. Load it again.")}, status=400)
    if given is None:
        return JsonResponse({"error": _("No photo arrived. Choose it again.")}, status=400)
    if limits.is_too_much("photo", limits.sender(request, now=now)):
        return JsonResponse({"error": many()}, status=UNACCEPTABLE)
    if StoredFile.objects.filter(form_key=key.key).count() >= 2 * MAX_PHOTOS:  # some were taken away again
        text = _("Up to %(n)s photos. Take some away.") % {"n": MAX_PHOTOS}
        return JsonResponse({"error": text}, status=UNACCEPTABLE)
    try:
        row = store(
            upload=given, actor=None, now=now, origin=request.POST.get("origin", ""), form_key=key.key
        )
    except Invalid as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=UNACCEPTABLE)
    return JsonResponse({"id": str(row.pk), "sha256": row.sha256, "size": row.size}, status=201)


@login_not_required
@require_safe
def areas(request: HttpRequest, level: str) -> HttpResponse:
    """Give the schematic outlines of districts or townships, to set a point among them."""
    if level not in DRAWN:
        raise Http404
    response = JsonResponse(outlines(level), json_dumps_params={"separators": (",", ":")})
    patch_cache_control(response, public=True, max_age=KEPT)
    return response
