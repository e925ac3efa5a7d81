"""The page on which the principal of an enterprise is named, the first responsible person (Art. 5, 21)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from safegrid.grid.models import Enterprise, Site
from safegrid.grid.services import name_principal
from safegrid.grid.views.status import may_change
from safegrid.kernel import clock
from safegrid.kernel.views import UNACCEPTABLE, attempt


class PrincipalForm(forms.Form):
    """Who is the principal, and by which number they are reached."""

    principal = forms.CharField(
        label=gettext_lazy("Principal"),
        max_length=60,
        widget=forms.TextInput({"class": "form-control"}),
        error_messages={"required": gettext_lazy("Enter a name.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"class": "form-control", "type": "tel"}),
    )


def may_name(request: HttpRequest, enterprise: Enterprise, changeable: Sequence[Site]) -> bool:
    """Whether the person may name the principal: officials who may change a site of it, and its own posts.

    A second record takes nothing new.
    """
    post = request.acting_post  # type: ignore[attr-defined]
    is_own = post is not None and post.enterprise_id == enterprise.pk
    return enterprise.merged_into_id is None and (is_own or bool(changeable))


@require_http_methods(["GET", "POST"])
def naming(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the principal of an enterprise; `?site=` is where the person comes from, and goes back to."""
    row = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    if not may_name(request, row, may_change(request, row)):
        raise PermissionDenied
    here = request.GET.get("site", "")
    back = reverse("grid:enterprise", args=[pk]) + (f"?site={here}" if here.isdigit() else "")
    form = PrincipalForm(
        request.POST if request.method == "POST" else None,
        initial={"principal": row.principal, "phone": row.phone},
    )
    if request.method == "POST" and form.is_valid():
        who: dict[str, Any] = {
            "actor": request.user,
            "acting_post": request.acting_post,  # type: ignore[attr-defined]
            "now": clock.now(),
        }
        seen = (request.POST.get("seen_principal", ""), request.POST.get("seen_phone", ""))
        done = attempt(
            request,
            form,
            lambda: name_principal(enterprise=row, **form.cleaned_data, seen=seen, **who),
        )
        if done is not None:
            messages.success(request, _("The principal is named."))
            return redirect(back)
        row.refresh_from_db()  # what is seen now is what has just been refused
    context = {"enterprise": row, "form": form, "back": back}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "grid/principal.html", context, status=status)
