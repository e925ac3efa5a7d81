"""Pages of what officers need: a cell's grid officer, the certificate of an officer who inspects."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from responsibility.assignments.forms import INPUT, day_input
from responsibility.posts.equipping import (
    TITLE_LENGTH,
    certify,
    give_cell,
    governments_of,
    may_certify,
    may_look_after,
    officers_for,
    open_officer,
    take_cell,
)
from responsibility.posts.queries import certificates, posts_seen
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Post, PostScope
from safegrid.accounts.queries import holders
from safegrid.grid.choices import Level
from safegrid.grid.models import District, Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt

NEW = 0


class CellForm(forms.Form):
    """Which grid officer's post looks after a cell: one that exists, or a new one of a government."""

    post = forms.TypedChoiceField(
        label=gettext_lazy("Who looks after it"),
        coerce=int,
        widget=forms.RadioSelect({"class": "form-check-input"}),
    )
    unit = forms.TypedChoiceField(
        label=gettext_lazy("Unit of the new post"),
        coerce=int,
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the new post"),
        required=False,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(INPUT),
    )

    def __init__(
        self, *given: Any, named: Sequence[tuple[int, str]], units: Sequence[Unit], **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.units = units
        self.fields["post"].choices = [*named, (NEW, _("a new post"))]  # type: ignore[attr-defined]
        self.fields["unit"].choices = [(unit.pk, unit.label) for unit in units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the unit and the title of a new post."""
        data = super().clean() or {}
        if data.get("post") != NEW:
            return data
        if not self.units:
            self.errors.pop("unit", None)  # one that is none here: there is nothing to choose
            self.add_error("unit", _("No government of this cell's places is registered: add one first."))
        elif "unit" not in self.errors and not data.get("unit"):
            self.add_error("unit", _("Choose the unit of the new post."))
        if not data.get("title", "").strip():
            self.add_error("title", _("Give the post a title."))
        return data


class CertificateForm(forms.Form):
    """A certificate as it is printed on it."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=40, widget=forms.TextInput(INPUT))
    since = forms.DateField(label=gettext_lazy("Valid from"), widget=day_input())
    until = forms.DateField(label=gettext_lazy("No longer valid on"), widget=day_input())


@require_http_methods(["GET", "POST"])
def cell_officer(request: HttpRequest, code: str) -> HttpResponse:
    """Say which grid officer's post looks after a cell; a new post is filled on its own page."""
    cells = District.objects.filter(level=Level.CELL, closed_on=None).defer("boundary")
    cell: District = get_object_or_404(cells, code=code)
    acting = acting_post(request)
    if acting is None or not may_look_after(acting, cell):
        raise NotAllowed
    now = clock.now()
    posts = {post.pk: post for post in officers_for(cell, acting)}
    manned = holders(posts, on=clock.local_date(now))
    named = [(pk, _named(post, manned.get(pk))) for pk, post in posts.items()]
    units = list(governments_of(cell))
    form = CellForm(request.POST if request.method == "POST" else None, named=named, units=units)
    who: dict[str, Any] = {"actor": request.user, "acting_post": acting, "now": now}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> Post:
            if given["post"] == NEW:
                unit = next(each for each in units if each.pk == given["unit"])
                return open_officer(cell=cell, unit=unit, title=given["title"], **who)
            return give_cell(cell=cell, post=posts[given["post"]], **who).post

        post = attempt(request, form, act)
        if post is not None:
            is_manned = post.pk in manned
            messages.success(
                request,
                _("It looks after this cell now.")
                if is_manned
                else _("It looks after this cell. Nobody holds it yet: fill the post."),
            )
            return redirect("responsibility:post" if is_manned else "responsibility:handover", post.pk)
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/cell_officer.html", {"cell": cell, "form": form}, status=status)


def _named(post: Post, holder: Any) -> str:
    unit = post.unit.label if post.unit else ""
    return f"{post.label} · {unit} · {holder or _('vacant')}"


@require_POST
def taking_cell(request: HttpRequest, pk: int, scope: int) -> HttpResponse:
    """Let a grid officer's post no longer look after a cell; the page has asked."""
    rows = PostScope.objects.select_related("post__unit__district", "district").filter(post=pk, pk=scope)
    if (row := rows.first()) is not None:  # else the same form has done it before
        take_cell(scope=row, actor=request.user, acting_post=acting_post(request), now=clock.now())
    messages.success(request, _("The post no longer looks after this cell."))
    return redirect("responsibility:post", pk)


@require_http_methods(["GET", "POST"])
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the enforcement certificate of whoever holds an officer's post."""
    row = get_object_or_404(posts_seen(request.user), pk=pk)
    acting = acting_post(request)
    if not may_certify(acting, row):
        raise NotAllowed
    now = clock.now()
    holder = holders([row.pk], on=clock.local_date(now)).get(row.pk)
    form = CertificateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        who: dict[str, Any] = {"actor": request.user, "acting_post": acting, "now": now}
        if attempt(request, form, lambda: certify(post=row, **given, **who)) is not None:
            messages.success(request, _("The certificate counts from its first day on."))
            return redirect("responsibility:post", pk)
    context = {
        "post": row,
        "holder": holder,
        "certificates": certificates(holder),
        "today": clock.local_date(now),
        "form": form,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/certificate.html", context, status=status)
