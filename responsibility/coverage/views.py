"""Coverage: who is not answered for, what is done twice, and what resolves it."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.assignments.choices import Tier
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import may_assign
from responsibility.coverage import owing, queries
from responsibility.coverage.choices import FindingState
from responsibility.coverage.joint import RULE as OVERLAP
from responsibility.coverage.joint import make_joint, rivals
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from responsibility.coverage.services import REASON_LENGTH, dismiss, may_decide, take_up
from responsibility.coverage.table import office_table
from responsibility.regulators.services import RULE as ASKED
from responsibility.regulators.services import may_ask
from responsibility.transfers.lifecycle import speaks
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.queries import holders
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

SITES = 50  # of a finding, on its page


class DismissForm(forms.Form):
    """Why a finding is none."""

    reason = forms.CharField(
        label=gettext_lazy("Why is this no gap or overlap?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 3, "class": "form-control"}),
        error_messages={"required": gettext_lazy("Say why this is no gap or overlap.")},
    )


class JointForm(forms.Form):
    """Which body answers, what the other does, and on what both agreed."""

    keeps = forms.TypedChoiceField(
        label=gettext_lazy("Who answers from now on"),
        coerce=int,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    support = forms.ChoiceField(
        label=gettext_lazy("The other one"), required=False, widget=forms.Select({"class": "form-select"})
    )
    basis = forms.CharField(
        label=gettext_lazy("What both agreed on (minutes, document)"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control"}),
    )

    def __init__(self, *given: Any, rows: list[Assignment], tier: str, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["keeps"].choices = [  # type: ignore[attr-defined]
            (row.pk, f"{row.post.label} · {row.post.unit.label if row.post.unit else ''}") for row in rows
        ]
        others = [(each.value, _("supports it: %(tier)s") % {"tier": each.label}) for each in Tier]
        self.fields["support"].choices = [  # type: ignore[attr-defined]
            *(each for each in others if each[0] != tier),
            ("", _("no longer answers for it")),
        ]


@require_GET
def coverage(request: HttpRequest) -> HttpResponse:
    """Show the share of sites that are answered for, and what is missing."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    today = clock.local_date(clock.now())
    found = queries.coverage(request.user, today=today)
    return render(request, "responsibility/coverage.html", {"coverage": found, "today": today})


@require_GET
def table(request: HttpRequest) -> FileResponse:
    """Give the table of coverage as a sheet: what the person reads, by district and industry."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    today = clock.local_date(clock.now())
    return office_table(request.user, day=today).response(f"coverage-{today.isoformat()}.xlsx")


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one finding with its sites, and what resolves it; a POST dismisses it or takes it up again."""
    seen = Finding.objects.visible_to(request.user).select_related(
        "matter",
        "industry",
        "post__unit",
        "whose",
        "district",
        "township",
        "community",
        "cell",
        "dismissed_by",
    )
    row = get_object_or_404(seen, pk=pk)
    post = acting_post(request)
    form = DismissForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _decide(request, row, form):
        return redirect("responsibility:finding", pk)
    now = clock.now()
    owed = owing.of(row)
    touched = row.touched.select_related("site__enterprise", "matter").order_by("site__name", "pk")
    sites = list({each.site_id: each for each in touched[: SITES * 8]}.values())[:SITES]
    whose = row.whose
    context = {
        "finding": row,
        "rule": rules[row.rule],
        "form": form,
        "may_decide": may_decide(row, post),
        "may_transfer": row.state == FindingState.OPEN and may_decide(row, post) and speaks(post),
        "may_ask": row.rule == ASKED and (may_ask(row, post) or row.questions.exists()),
        "may_join": row.state == FindingState.OPEN and row.rule == OVERLAP and may_decide(row, post),
        "assign_url": _assign_url(row) if may_assign(post) else "",
        "touched": sites,
        "more": max(row.sites - len(sites), 0),
        "owed": owed,
        "over": owed.days_over(now) if owed else None,
        "whose": whose,
        "holder": holders([whose.pk], on=clock.local_date(now)).get(whose.pk) if whose else None,
    }
    status = UNACCEPTABLE if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "responsibility/finding.html", context, status=status)


@require_http_methods(["GET", "POST"])
def joint(request: HttpRequest, pk: int) -> HttpResponse:
    """Let two bodies that answer with equal right agree: one does, the other supports it."""
    row = get_object_or_404(Finding.objects.visible_to(request.user).select_related("matter"), pk=pk)
    post, now = acting_post(request), clock.now()
    if not may_decide(row, post):
        raise PermissionDenied
    rows = rivals(row, on=clock.local_date(now))
    form = JointForm(request.POST if request.method == "POST" else None, rows=rows, tier=row.tier)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        keeps = next(each for each in rows if each.pk == given["keeps"])
        done = attempt(
            request,
            form,
            lambda: make_joint(
                finding=row,
                keeps=keeps,
                support=given["support"],
                basis=given["basis"],
                actor=request.user,
                acting_post=post,
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, _("Agreed. The coverage follows within a minute."))
            return redirect("responsibility:finding", pk)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    context = {"finding": row, "form": form, "rows": rows}
    return render(request, "responsibility/joint.html", context, status=status)


def _decide(request: HttpRequest, row: Finding, form: DismissForm) -> bool:
    """Do what the form asks; whether it was done, or can be no more."""
    who: dict[str, Any] = {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}
    if row.state == FindingState.DISMISSED:
        if attempt(request, form, lambda: take_up(finding=row, **who)):
            messages.success(request, _("It is to be resolved again."))
        return True
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    if attempt(request, form, lambda: dismiss(finding=row, reason=reason, **who)):
        messages.success(request, _("Dismissed. It stays so as long as it lasts."))
    return not form.errors


def _assign_url(row: Finding) -> str:
    """Return the address of the form that assigns what is missing, filled in; none where that is no help."""
    place = row.cell or row.community or row.township or row.district
    if row.rule != "nobody" or row.state != FindingState.OPEN or place is None or row.matter is None:
        return ""
    given = {"place": place.code, "matter": row.matter.code, "line": row.line, "tier": row.tier}
    return f"{reverse('responsibility:assign')}?{urlencode(given)}"
