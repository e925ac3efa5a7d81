"""Filling in a self-inspection, looking it through, filing it, and its receipt.

One address for everybody: whoever may fill it in gets the form, everybody else who sees it reads it. A
script saves each answer as it is given; without one the same form is posted as a whole.
"""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hazards import deadlines
from hazards.models import Hazard
from inspections.checklists import applicable
from inspections.choices import Result, SelfInspectionState
from inspections.forms.answers import AnswerSheet
from inspections.models import Answer, ChecklistItem, SelfInspection
from inspections.services import self_inspections
from inspections.services.answers import Given, last_time, missing, photos, stored
from inspections.services.periods import OPEN
from responsibility.instructions.subjects import note_url
from safegrid.accounts.middleware import acting_post
from safegrid.files.choices import Role
from safegrid.files.forms import Intake
from safegrid.files.models import StoredFile
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from safegrid.kernel.views import UNACCEPTABLE

#: What the buttons of the form lead to.
SAVE, REVIEW, LAST_TIME = "save", "review", "last"


def _row(request: HttpRequest, pk: int) -> SelfInspection:
    """Return what the person sees at this address, or 404."""
    rows = SelfInspection.objects.visible_to(request.user).select_related(
        "site__enterprise", "checklist", "saved_by", "filed_by", "filed_post"
    )
    return get_object_or_404(rows, pk=pk)


def _may_fill(request: HttpRequest, row: SelfInspection) -> bool:
    post = acting_post(request)
    return (
        row.state in OPEN
        and post is not None
        and post.enterprise_id == row.enterprise_id
        and SelfInspection.objects.editable_by(request.user, post).filter(pk=row.pk).exists()
    )


def _items(row: SelfInspection) -> list[ChecklistItem]:
    return list(applicable(row.checklist, row.site).select_related("matter"))


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


# -- filling in -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form or take it; show it read-only to everybody else and once it is filed."""
    row = _row(request, pk)
    if not _may_fill(request, row):
        if request.method == "POST":
            return _too_late(request, row)
        return _read(request, row)
    now = clock.now()
    if request.method == "POST":
        return _take(request, row, now)
    items = _items(row)
    given = stored(row)
    sheet = AnswerSheet(items, given, intake=Intake(request.user, now))
    notes = missing(items, given, now=now) if "check" in request.GET else {}
    return _form(request, row, sheet, now, notes={pk: [text] for pk, text in notes.items()})


def _too_late(request: HttpRequest, row: SelfInspection) -> HttpResponse:
    """Somebody posts what can no longer be filled in: say so and show what there is."""
    if row.state == SelfInspectionState.FILED:
        return redirect("inspections:self_receipt", row.pk)
    if row.state == SelfInspectionState.LAPSED:
        messages.error(request, _("The period is over; the next self-inspection is open."))
        return redirect("inspections:self_fill", row.pk)
    raise NotAllowed


def _take(request: HttpRequest, row: SelfInspection, now: dt.datetime) -> HttpResponse:
    """Save what was posted as a whole, and go where the button leads."""
    then = request.POST.get("then", SAVE)
    given = stored(row)
    items = _items(row)
    sheet = AnswerSheet(
        items, given, intake=Intake(request.user, now), data=request.POST, files=request.FILES
    )
    answers = sheet.given()
    if then == LAST_TIME:
        answers = {pk: Given(result) for pk, result in last_time(row).items() if pk not in given} | answers
    try:
        self_inspections.save_draft(
            inspection=row,
            answers=answers,
            version=_version(request),
            actor=request.user,  # type: ignore[arg-type]
            acting_post=acting_post(request),
            now=now,
        )
    except Stale:
        row.refresh_from_db()
        return _form(request, row, sheet, now, notes=sheet.errors, is_stale=True)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("inspections:self_fill", row.pk)
    except Invalid as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _form(request, row, sheet, now, notes=sheet.errors)
    if sheet.errors:
        row.refresh_from_db()
        return _form(request, row, sheet, now, notes=sheet.errors)
    if then == REVIEW:
        return redirect("inspections:self_review", row.pk)
    messages.success(request, _("Saved."))
    return redirect("inspections:self_fill", row.pk)


def _form(
    request: HttpRequest,
    row: SelfInspection,
    sheet: AnswerSheet,
    now: dt.datetime,
    *,
    notes: dict[int, list[str]],
    is_stale: bool = False,
) -> HttpResponse:
    before = last_time(row)
    cards = [
        {
            "item": form.item,
            "form": form,
            "shown": form.shown,
            "last": before.get(form.item.pk, ""),
            "notes": notes.get(form.item.pk, []),
        }
        for form in sheet
    ]
    status = HTTPStatus.OK
    if is_stale:
        status = HTTPStatus.CONFLICT
    elif sheet.errors:
        status = UNACCEPTABLE
    context = {
        "inspection": row,
        "cards": cards,
        "answered": sheet.answered,
        "last_time": bool(before),
        "is_stale": is_stale,
        "today": clock.local_date(now),
        "limit": deadlines.own_limit(now=now),
        "results": Result.choices,
    }
    return render(request, "inspections/self_fill.html", context, status=status)


@require_POST
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep some answers while the person goes on; the script's twin of posting the form.

    200 with the new `version` and the time `saved`; 409 when somebody else saved meanwhile, with what
    is there now; 410 with where to go when it can no longer be filled in; 401 when somebody else has
    signed in since the page was opened.
    """
    if request.POST.get("person", "") != str(request.user.pk):
        return JsonResponse({}, status=HTTPStatus.UNAUTHORIZED)
    row = _row(request, pk)
    if not _may_fill(request, row):
        if row.state in OPEN:
            raise NotAllowed
        return JsonResponse({"go": reverse("inspections:self_fill", args=[pk])}, status=HTTPStatus.GONE)
    now = clock.now()
    sheet = AnswerSheet(_items(row), {}, intake=Intake(request.user, now), data=request.POST)
    try:
        row = self_inspections.save_draft(
            inspection=row,
            answers=sheet.given(),
            version=_version(request),
            actor=request.user,  # type: ignore[arg-type]
            acting_post=acting_post(request),
            now=now,
        )
    except Stale:
        row.refresh_from_db()
        return JsonResponse(_there_now(row), status=HTTPStatus.CONFLICT)
    except Refused:
        return JsonResponse({"go": reverse("inspections:self_fill", args=[pk])}, status=HTTPStatus.GONE)
    except Invalid as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=UNACCEPTABLE)
    return JsonResponse({"version": row.version, "saved": _time(now), "errors": sheet.errors})


def _there_now(row: SelfInspection) -> dict[str, Any]:
    """What a script needs to put two people's answers together."""
    return {
        "version": row.version,
        "by": row.saved_by.label if row.saved_by is not None else "",
        "saved": _time(row.saved_at) if row.saved_at is not None else "",
        "answers": {pk: _plain(given) for pk, given in stored(row).items()},
    }


def _plain(given: Given) -> dict[str, Any]:
    return {
        "result": given.result,
        "note": given.note,
        "way": given.way,
        "plan": given.plan,
        "plan_due_on": given.plan_due_on.isoformat() if given.plan_due_on else "",
        "before": [str(photo.pk) for photo in given.before],
        "after": [str(photo.pk) for photo in given.after],
    }


def _time(instant: dt.datetime) -> str:
    return date_format(localtime(instant), "H:i")


# -- looking through and filing -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is missing and what was found, and file it. Filed twice, the same receipt comes back."""
    row = _row(request, pk)
    if not _may_fill(request, row):
        return _too_late(request, row)
    now = clock.now()
    if request.method == "POST":
        try:
            self_inspections.file(
                inspection=row,
                answers={},
                actor=request.user,  # type: ignore[arg-type]
                acting_post=acting_post(request),
                now=now,
                version=_version(request),
            )
        except Stale as refusal:
            messages.error(request, refusal.message)
            return redirect("inspections:self_review", row.pk)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("inspections:self_fill", row.pk)
        except Invalid:
            # The page below names each item that lacks something.
            return _review(request, row, now, status=UNACCEPTABLE)
        return redirect("inspections:self_receipt", row.pk)
    return _review(request, row, now, status=HTTPStatus.OK)


def _review(request: HttpRequest, row: SelfInspection, now: dt.datetime, *, status: int) -> HttpResponse:
    items = _items(row)
    given = stored(row)
    lacks = missing(items, given, now=now)
    context = {
        "inspection": row,
        "missing": [(item, lacks[item.pk]) for item in items if item.pk in lacks],
        "found": [
            (item, given[item.pk])
            for item in items
            if item.pk in given and given[item.pk].result == Result.NOT_OK
        ],
        "answered": sum(item.pk in given for item in items),
        "total": len(items),
    }
    return render(request, "inspections/self_review.html", context, status=status)


# -- filed -----------------------------------------------------------------------------------------


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the receipt: number, time, what was received, and what happens next."""
    row = _row(request, pk)
    if row.state != SelfInspectionState.FILED:
        return redirect("inspections:self_fill", row.pk)
    hazards = Hazard.objects.visible_to(request.user).filter(answers__inspection=row).order_by("pk")
    return render(request, "inspections/self_receipt.html", {"inspection": row, "hazards": hazards})


def _read(request: HttpRequest, row: SelfInspection) -> HttpResponse:
    """Show answers read-only; those of a draft only to the enterprise itself.

    What it found itself is shown to others only when its hazard is; that something was found is no secret.
    """
    is_own = row.enterprise_id in request.user.reach.enterprise_ids  # type: ignore[union-attr]
    lines: list[tuple[Answer, bool, list[StoredFile], list[StoredFile]]] = []
    if is_own or row.state == SelfInspectionState.FILED:
        answers = list(row.answers.select_related("item", "hazard"))
        seen = set(
            Answer.objects.visible_to(request.user).filter(inspection=row).values_list("pk", flat=True)
        )
        shown = photos(answers)
        lines = [(a, a.pk in seen, shown[a.pk][Role.BEFORE], shown[a.pk][Role.AFTER]) for a in answers]
    counts = {result: sum(line[0].result == result for line in lines) for result in Result.values}
    context = {
        "inspection": row,
        "lines": lines,
        "counts": counts,
        "is_own": is_own,
        "instruct_url": note_url(row, acting_post(request)),
    }
    return render(request, "inspections/self_read.html", context)
