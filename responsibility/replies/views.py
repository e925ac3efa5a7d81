"""The page of one action: its form, or its being done. Instructions, their parts and letters share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from responsibility.replies.forms import ActForm
from responsibility.replies.lifecycle import actor_for
from responsibility.replies.models import ReplyStep
from responsibility.replies.wording import DONE, HINT
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.machine import Machine
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


def act_page(
    request: HttpRequest,
    *,
    machine: Machine,
    subject: Any,
    action: str,
    steps: Any,
    apply: Callable[..., Any],
    back: str,
    context: dict[str, Any],
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form of `action` on `subject`, or apply it by `apply(note=…, due_on=…, version=…)`.

    `steps` are the subject's own, by which a form that is sent again is known; `back` is its page's address.
    """
    move = next((each for each in machine if each.action == action), None)
    if move is None:
        raise Http404
    now = clock.now()
    who = actor_for(request.user, acting_post(request))
    found = machine.find(subject, action)
    if request.method == "POST" and _is_repeated(request, steps, action, subject.version):
        messages.info(request, _("This was done already; nothing was done twice."))
        return redirect(back)
    if found is None:
        messages.info(request, _("This is not possible now."))
        return redirect(back)
    if not machine.may(found, subject, who):
        raise NotAllowed(str(machine.words[found.who[0]]))
    form = ActForm(
        request.POST if request.method == "POST" else None,
        move=found,
        today=clock.local_date(now),
        initial={"version": subject.version, **(initial or {})},
    )
    status = 200
    if request.method == "POST":
        if form.is_valid():
            done = attempt(
                request,
                form,
                lambda: apply(
                    **form.cleaned_data, actor=request.user, acting_post=acting_post(request), now=now
                ),
            )
            if done is not None:
                messages.success(request, DONE[action])
                return redirect(back)
        subject.refresh_from_db(fields=["version", "state"])
        form.renew(subject.version)
        status = UNACCEPTABLE
    page = {
        "form": form,
        "move": found,
        "hint": HINT.get(action, ""),
        "obstacle": machine.obstacle(found, subject, who),
        "back": back,
        "send_back_url": request.path.removesuffix("accept/") + "send_back/" if action == "accept" else "",
        **context,
    }
    return render(request, "responsibility/reply_act.html", page, status=status)


def _is_repeated(request: HttpRequest, steps: Any, action: str, version: int) -> bool:
    """Whether the last step is this very form, sent before by the same person."""
    last: ReplyStep | None = steps.order_by("-pk").first()
    same = last is not None and last.action == action and last.actor_id == request.user.pk
    return same and request.POST.get("version") == str(version - 1)
