"""Pages of letters to units: one of them, sending one, correcting its paper, and each action."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.calendars.services import proposed
from responsibility.documents import services as documents
from responsibility.instructions.forms import new_token
from responsibility.instructions.models import InstructionTask
from responsibility.instructions.queries import timeline
from responsibility.instructions.subjects import note_url
from responsibility.letters import queries
from responsibility.letters.choices import LADDER, Rung
from responsibility.letters.forms import CorrectForm, LetterForm
from responsibility.letters.models import UnitLetter
from responsibility.letters.services import act, correct, send
from responsibility.obligations import words
from responsibility.obligations.services import owed_about
from responsibility.replies import lifecycle
from responsibility.replies.choices import ReplyState
from responsibility.replies.views import act_page
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

SUGGESTED = "letter_reply"  # code of the policy that proposes a reply date


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a unit a letter about what it is late with; `?instruction=` chooses its part in one."""
    unit = get_object_or_404(Unit.objects.select_related("district"), pk=pk)
    post = acting_post(request)
    if not reach_of(request.user).is_official or not queries.may_send(post, unit):
        raise NotAllowed
    now = clock.now()
    today = clock.local_date(now)
    late = queries.worded(queries.late_of(unit, request.user, now=now)[: queries.OFFERED], now=now)
    expected, waiting = queries.next_rung(unit)
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        late=late,
        expected=expected,
        today=today,
        initial={
            "token": new_token(),
            "rung": expected,
            "owed": _chosen(request, unit) or [each.pk for each in late[:1]],
            "due_on": proposed(SUGGESTED, now=now),
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.given()
        done = attempt(
            request,
            form,
            lambda: send(unit=unit, actor=request.user, acting_post=post, now=now, **given),
        )
        if done is not None:
            messages.success(
                request, _("Sent as %(number)s. The unit owes a reply.") % {"number": done.number}
            )
            return redirect("responsibility:letter", done.pk)
    context = {
        "unit": unit,
        "form": form,
        "late": late,
        "expected": expected,
        "waiting": waiting,
        "waiting_over": waiting.days_over(now) if waiting else None,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/letter_new.html", context, status=status)


def _chosen(request: HttpRequest, unit: Unit) -> list[int]:
    """Return what the unit owes by the instruction that the address names."""
    text = request.GET.get("instruction", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return []
    tasks = InstructionTask.objects.visible_to(request.user).filter(instruction=int(text), unit=unit)
    owed = owed_about(InstructionTask, InstructionTask.OWED_REPLY)
    return list(owed.filter(subject_id__in=tasks.values("pk")).values_list("pk", flat=True))


def _find(request: HttpRequest, pk: int) -> UnitLetter:
    rows = UnitLetter.objects.visible_to(request.user)
    rows = rows.select_related("unit__district", "post__unit", "sender_post__unit", "sent_by")
    return get_object_or_404(rows.defer("unit__district__boundary"), pk=pk)


def _head(row: UnitLetter, now: dt.datetime) -> dict[str, Any]:
    return {"letter": row, "over": row.days_over(now), "is_overdue": row.is_overdue(now)}


@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one letter: its paper, what it is about, whose move it is, and what has happened."""
    row = _find(request, pk)
    now = clock.now()
    who = lifecycle.actor_for(request.user, acting_post(request))
    offers = lifecycle.MACHINE.offers(row, who)
    manned = holders([row.post_id], on=clock.local_date(now))
    items = row.items.select_related("obligation").order_by("pk")
    context = _head(row, now) | {
        "holder": manned.get(row.post_id),
        "items": [(item, words.title(item.obligation.label, item.obligation.params)) for item in items],
        "papers": list(documents.about(row)),
        "mine": [offer for offer in offers if offer.allowed],
        "others": [offer for offer in offers if not offer.allowed],
        "may_correct": row.state == ReplyState.OPEN and lifecycle.asked(row, who),
        "events": timeline(row.steps.all()),
        "notices": queries.notices_of(row, request.user),
        "instruct_url": note_url(row, acting_post(request)),
        "rung_number": LADDER.index(Rung(row.rung)) + 1,
        "rungs": len(LADDER),
    }
    return render(request, "responsibility/letter.html", context)


@require_http_methods(["GET", "POST"])
def correct_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a mistake in a letter right by another paper, which names the first."""
    row = _find(request, pk)
    post = acting_post(request)
    if not lifecycle.asked(row, lifecycle.actor_for(request.user, post)):
        raise NotAllowed
    form = CorrectForm(
        request.POST if request.method == "POST" else None,
        rung=row.rung,
        initial={name: getattr(row, name) for name in ("version", "text", "talk_at", "talk_place")},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: correct(letter=row, **given, actor=request.user, acting_post=post, now=clock.now()),
        )
        if done is not None:
            messages.success(request, _("Corrected by another paper; the first stays as it was."))
            return redirect("responsibility:letter", pk)
    status = UNACCEPTABLE if form.is_bound else HTTPStatus.OK
    context = _head(row, clock.now()) | {"form": form}
    return render(request, "responsibility/letter_correct.html", context, status=status)


@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action on a letter: a note, the answer, accepting it or sending it back."""
    row = _find(request, pk)
    return act_page(
        request,
        machine=lifecycle.MACHINE,
        subject=row,
        action=action,
        steps=row.steps,
        apply=lambda **given: act(letter=row, action=action, **given),
        back=reverse("responsibility:letter", args=[pk]),
        context={"letter": row},
    )
