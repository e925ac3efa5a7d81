"""The page on which a person decides whether closure is proposed to the government."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from hazards.models import Hazard
from hazards.penalties.closing.facts import facts_of
from hazards.penalties.closing.models import (
    REASON_LENGTH,
    ClosingOutcome,
    ClosureProposal,
    rules_in_force,
)
from hazards.penalties.closing.services import decide, may_decide
from hazards.penalties.models import Penalty
from responsibility.instructions.subjects import note_url
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


class DecisionForm(forms.Form):
    """Propose closure, or not, and why."""

    outcome = forms.ChoiceField(
        label=pgettext_lazy("closure", "Decision"), choices=ClosingOutcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 4})
    )


@require_http_methods(["GET", "POST"])
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the facts; a POST by whoever owes it decides."""
    seen = ClosureProposal.objects.visible_to(request.user).select_related(
        "enterprise", "site", "unit", "whose", "decided_by", "decided_post"
    )
    row = get_object_or_404(seen, pk=pk)
    post, now = acting_post(request), clock.now()
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if row.decided_at is None and not may_decide(row, post):
            raise NotAllowed
        if form.is_valid() and _decided(request, form, row):
            return redirect("hazards:closure", pk)
    on = clock.local_date(now)
    context: dict[str, Any] = {
        "proposal": row,
        "form": form if may_decide(row, post) else None,
        "rules": list(rules_in_force(clock.local_date(row.raised_at))),
        "over": (on - row.due_on).days if row.decided_at is None else None,
        "instruct_url": note_url(row, post),
        "holds": row.decided_at is not None or facts_of(row.enterprise_id, on=on) is not None,
        **_facts(request, row),
    }
    status = UNACCEPTABLE if form.is_bound else HTTPStatus.OK
    return render(request, "hazards/penalties/closure.html", context, status=status)


def _decided(request: HttpRequest, form: DecisionForm, row: ClosureProposal) -> bool:
    done = attempt(
        request,
        form,
        lambda: decide(
            proposal=row,
            actor=request.user,
            acting_post=acting_post(request),
            now=clock.now(),
            **form.cleaned_data,
        ),
    )
    if done is not None:
        messages.success(request, _("Decided. Nothing is closed by it; the government decides on that."))
    return done is not None


def _facts(request: HttpRequest, row: ClosureProposal) -> dict[str, Any]:
    """Return its penalties as they stand now and its hazards, and how many the reader does not see."""
    origins = set(row.penalties.values_list("pk", flat=True))
    latest = Penalty.objects.visible_to(request.user).filter(replaced_at=None)
    penalties = [
        each
        for each in latest.filter(enterprise=row.enterprise_id)
        .select_related("unit")
        .order_by("decided_on", "pk")
        if each.first_id in origins
    ]
    hazards = list(Hazard.objects.visible_to(request.user).filter(closure_proposals=row).order_by("pk"))
    hidden = len(origins) - len(penalties) + row.hazards.count() - len(hazards)
    return {"penalties": penalties, "hazards": hazards, "hidden": hidden}
