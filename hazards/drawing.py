"""The page on which hazards are drawn for a spot check."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hazards.services.spot_checking import MOST, draw, may_draw
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt

USUAL = 5  # hazards


class DrawForm(forms.Form):
    """How many are drawn."""

    number = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=USUAL)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


@require_http_methods(["GET", "POST"])
def draw_some(request: HttpRequest) -> HttpResponse:
    """Show the form, or draw."""
    post: Any = acting_post(request)
    if not may_draw(post):
        raise NotAllowed
    form = DrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            request,
            form,
            lambda: draw(
                number=form.cleaned_data["number"],
                key=form.cleaned_data["key"],
                actor=request.user,  # type: ignore[arg-type]
                acting_post=post,
                now=clock.now(),
            ),
        )
        if made is not None:
            n = made.checks.count()
            text = ngettext(
                "%(n)s hazard is drawn; its check is owed.",
                "%(n)s hazards are drawn; their checks are owed.",
                n,
            )
            messages.success(request, text % {"n": n})
            return redirect("hazards:list")
    return render(request, "hazards/draw.html", {"form": form}, status=UNACCEPTABLE if form.errors else 200)
