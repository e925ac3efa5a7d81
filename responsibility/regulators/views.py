"""The page on which a government is asked who governs an industry, and on which it answers."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from responsibility.coverage.models import Finding
from responsibility.regulators.forms import AskForm, NamedForm
from responsibility.regulators.services import RULE, answer, ask, government, may_answer, may_ask
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed, Refused
from safegrid.kernel.views import UNACCEPTABLE, attempt


@require_http_methods(["GET", "POST"])
def regulator(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask which department governs the industry of a finding, or, for whoever was asked, name it."""
    seen = Finding.objects.visible_to(request.user).select_related("industry", "district")
    row = get_object_or_404(seen, pk=pk)
    if row.rule != RULE:
        raise Http404
    post, now = acting_post(request), clock.now()
    today = clock.local_date(now)
    questions = list(
        row.questions.select_related(
            "asked__unit", "asked_by", "regulator__unit", "matter", "answered_by", "district", "industry"
        ).order_by("-asked_at", "-pk")
    )
    waiting = next((each for each in questions if each.answered_at is None), None)
    answers = waiting is not None and may_answer(waiting, post)
    asks = waiting is None and may_ask(row, post)
    data = request.POST if request.method == "POST" else None
    form: AskForm | NamedForm | None = None
    if waiting is not None and answers:
        form = NamedForm(data, question=waiting, today=today)
    elif asks:
        form = AskForm(data)
    if request.method == "POST":
        if form is None:
            raise NotAllowed
        if form.is_valid() and _done(request, form, row, waiting, post, now):
            return redirect("responsibility:regulator", pk)
    try:
        asked = government(row)
    except Refused:
        asked = None
    context = {
        "finding": row,
        "questions": [(each, None if each.answered_at else (today - each.due_on).days) for each in questions],
        "form": form,
        "answers": answers,
        "asked": asked,
    }
    status = UNACCEPTABLE if form is not None and form.errors else HTTPStatus.OK
    return render(request, "responsibility/regulator.html", context, status=status)


def _done(request, form, row, waiting, post, now) -> bool:  # type: ignore[no-untyped-def]
    who = {"actor": request.user, "acting_post": post, "now": now}
    if isinstance(form, NamedForm):
        done = attempt(request, form, lambda: answer(question=waiting, **form.given(), **who))
        text = _("Named. The duty is assigned; the coverage follows within a minute.")
    else:
        done = attempt(request, form, lambda: ask(finding=row, text=form.cleaned_data["text"], **who))
        text = _("Asked. The government owes an answer.")
    if done is None:
        return False
    messages.success(request, text)
    return True
