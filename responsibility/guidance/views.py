"""Pages of guidance: a notice, and sending one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from responsibility.guidance import queries
from responsibility.guidance.choices import NoticeState
from responsibility.guidance.forms import CloseForm, ConfirmForm, NoticeForm
from responsibility.guidance.lifecycle import may_close, may_confirm
from responsibility.guidance.models import Notice
from responsibility.guidance.services import close, confirm, may_send, receivers, send
from responsibility.instructions.subjects import note_url
from responsibility.obligations.models import days_over
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a notice and send it."""
    post = acting_post(request)
    if post is None or not may_send(post):
        raise NotAllowed
    offered = list(receivers(post))
    form = NoticeForm(
        request.POST if request.method == "POST" else None,
        offered=offered,
        place=Unit.objects.get(posts=post).district_id,
    )
    if request.method == "POST" and form.is_valid():
        given, chosen, who = form.cleaned_data, form.chosen, _who(request)
        sent = attempt(
            request,
            form,
            lambda: send(
                token=given["token"],
                title=given["title"],
                text=given["text"],
                number=given["number"],
                by=given["by"],
                units=chosen,
                **who,
            ),
        )
        if sent is not None:
            messages.success(request, _("Sent. Each unit owes its receipt by that day."))
            return redirect("responsibility:guidance_notice", sent.pk)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/guidance_new.html", {"form": form}, status=status)


def _notice(request: HttpRequest, pk: int) -> Notice:
    seen = Notice.objects.visible_to(request.user).select_related("unit", "post", "sent_by", "closed_by")
    return get_object_or_404(seen, pk=pk)


def _show(
    request: HttpRequest, row: Notice, *, confirming: ConfirmForm | None = None, closing: Any = None
) -> HttpResponse:
    post, now = acting_post(request), clock.now()
    lines = queries.lines(row, now=now)
    is_running = row.state == NoticeState.RUNNING
    mine = [
        each
        for each in lines
        if is_running and each.receipt.confirmed_at is None and may_confirm(each.receipt, post)
    ]
    context = {
        "notice": row,
        "lines": lines,
        "mine": mine,
        "waiting": sum(each.receipt.confirmed_at is None for each in lines),
        "over": days_over(clock.last_day(row.due_at), now),
        "due_on": clock.last_day(row.due_at),
        "is_running": is_running,
        "may_close": is_running and may_close(row, post),
        "confirming": confirming or ConfirmForm(),
        "closing": closing or CloseForm(),
        "instruct_url": note_url(row, post),
    }
    wrong = (confirming is not None and confirming.errors) or (closing is not None and closing.errors)
    status = UNACCEPTABLE if wrong else HTTPStatus.OK
    return render(request, "responsibility/guidance_notice.html", context, status=status)


@require_http_methods(["GET"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a notice, who has confirmed it and who has not."""
    return _show(request, _notice(request, pk))


@require_POST
def receipt(request: HttpRequest, pk: int, unit: int) -> HttpResponse:
    """Confirm a notice for one unit."""
    row = _notice(request, pk)
    found = get_object_or_404(row.receipts.select_related("notice"), unit=unit)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        remark, who = form.cleaned_data["remark"], _who(request)
        if attempt(request, form, lambda: confirm(receipt=found, remark=remark, **who)):
            messages.success(request, _("Receipt confirmed."))
        if not form.errors:
            return redirect("responsibility:guidance_notice", pk)
    return _show(request, row, confirming=form)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a notice before all have confirmed it."""
    row = _notice(request, pk)
    form = CloseForm(request.POST)
    if not may_close(row, acting_post(request)):
        raise NotAllowed
    if form.is_valid():
        reason, who = form.cleaned_data["reason"], _who(request)
        if attempt(request, form, lambda: close(notice=row, reason=reason, **who)):
            messages.success(request, _("Closed. Nothing more is owed for it."))
        if not form.errors:
            return redirect("responsibility:guidance_notice", pk)
    return _show(request, row, closing=form)
