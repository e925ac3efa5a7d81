"""The page on which an official changes the status of a site or an enterprise: shown first, then done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Enterprise, Site, StatusChange
from safegrid.grid.status import REASON_LENGTH, change_status, preview
from safegrid.kernel import clock
from safegrid.kernel.views import UNACCEPTABLE, attempt

WHOLE = "all"


class StatusForm(forms.Form):
    """Which status, from which day, and why."""

    about = forms.ChoiceField(label=gettext_lazy("Which site"), widget=forms.Select({"class": "form-select"}))
    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=EnterpriseStatus.choices,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    months = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Months in which it works (of a seasonal one)"),
        choices=list(MONTHS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea({"rows": 2, "class": "form-control"}),
    )

    def __init__(self, *given: Any, sites: list[Site], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(str(site.pk), site.name) for site in sites]
        if len(sites) > 1:
            choices.insert(0, (WHOLE, _("the whole enterprise, all of its sites")))
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
        self.sites = {str(site.pk): site for site in sites}

    def clean(self) -> dict[str, Any]:
        """Forget the months of what does not work by season."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("status") != EnterpriseStatus.SEASONAL:
            data["months"] = []
        return data

    @property
    def site(self) -> Site | None:
        """The site that it is about; None for all of them."""
        return self.sites.get(self.cleaned_data["about"])


def may_change(request: HttpRequest, enterprise: Enterprise) -> list[Site]:
    """Return the sites whose status the person may change, as the post they act as: officials in scope."""
    post = request.acting_post  # type: ignore[attr-defined]
    if not post or post.enterprise_id is not None:
        return []
    rows = Site.objects.editable_by(request.user, post).filter(enterprise=enterprise)
    return list(rows.order_by("name", "pk"))


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the status: the first POST shows what will happen, the second one (`sure`) does it."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    sites = may_change(request, row)
    if not sites:
        raise PermissionDenied
    now = clock.now()
    wanted = request.GET.get("site") or (WHOLE if len(sites) > 1 else str(sites[0].pk))
    form = StatusForm(
        request.POST if request.method == "POST" else None,
        sites=sites,
        initial={"about": wanted, "since": clock.local_date(now)},
    )
    consequences = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        change = {name: data[name] for name in ("status", "months", "since")}
        if "sure" in request.POST:
            done = attempt(
                request,
                form,
                lambda: change_status(
                    enterprise=row,
                    site=form.site,
                    reason=data["reason"],
                    seen=request.POST.get("seen"),
                    actor=request.user,
                    acting_post=request.acting_post,  # type: ignore[attr-defined]
                    now=now,
                    **change,
                ),
            )
            if done is not None:
                messages.success(
                    request, _("Done.") if done.done_at else _("Planned; it is carried out on its day.")
                )
                site = f"?site={form.site.pk}" if form.site else ""
                return redirect(f"{reverse('grid:enterprise', args=[pk])}{site}")
        elif "again" not in request.POST:
            consequences = preview(enterprise=row, site=form.site, **change)
    context = {
        "enterprise": row,
        "form": form,
        "consequences": consequences,
        "seen": (form.site or row).status if form.is_bound and form.is_valid() else "",
        "changes": StatusChange.objects.filter(enterprise=row)
        .select_related("site")
        .order_by("-since", "-pk")[:20],
    }
    code = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "grid/status.html", context, status=code)
