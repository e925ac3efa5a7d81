"""Pages by which statements are issued, and their templates written."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.statements.bodies import SPEAKERS, receivers
from responsibility.statements.choices import StatementLevel
from responsibility.statements.forms import CopyForm, ItemForms, LevelForm, TemplateForm, given_items
from responsibility.statements.issuing import issue, plan
from responsibility.statements.models import StatementTemplate
from responsibility.statements.templating import FIELDS, may_write, new_version, write
from responsibility.statements.texts import rule
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Post
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}


def _levels(post: Post | None) -> list[str]:
    """Return the levels at which `post` issues statements; raise NotAllowed when it is none."""
    levels = [level.value for level in StatementLevel if receivers(post, level)]
    if not levels:
        raise NotAllowed
    return levels


@require_http_methods(["GET", "POST"])
def issuing(request: HttpRequest) -> HttpResponse:
    """Choose level and year, see what would be issued, and issue it."""
    post = acting_post(request)
    levels = _levels(post)
    today = clock.local_date(clock.now())
    asked = {
        "level": request.GET.get("level") or levels[0],
        "year": request.GET.get("year") or str(today.year),
    }
    form = LevelForm(asked, levels=levels, today=today)
    template = preview = None
    if form.is_valid():
        every = StatementTemplate.objects.filter(
            year=form.cleaned_data["year"], level=form.cleaned_data["level"]
        )
        template = every.order_by("-version").first()
    if request.method == "POST":
        if template is None:
            raise Http404
        return _issue(request, form, template)
    if template is not None:
        preview = plan(template=template, acting_post=post, on=today)
    context = {
        "form": form,
        "template": template,
        "plan": preview,
        "points": sum(item.points for item in template.items.all()) if template else 0,
        "may_write": may_write(post),
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/statements/issue.html", context, status=status)


def _issue(request: HttpRequest, form: LevelForm, template: StatementTemplate) -> HttpResponse:
    confirm = forms.Form()
    confirm.cleaned_data = {}
    made = attempt(request, confirm, lambda: issue(template=template, **_who(request)))
    for sentence in confirm.errors.get("__all__", ()):
        messages.error(request, str(sentence))
    if made is None:
        return redirect(request.get_full_path())
    text = ngettext(
        "%(n)s statement issued. Whoever promises is asked to sign.",
        "%(n)s statements issued. Whoever promises is asked to sign.",
        len(made),
    )
    messages.success(request, text % {"n": len(made)} if made else _("All of them had been issued already."))
    asked = f"?tab=not_signed&level={template.level}&year={template.year}"
    return redirect(reverse("responsibility:statements") + asked)


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates of the levels at which the person issues statements."""
    levels = _levels(acting_post(request))
    rows = StatementTemplate.objects.filter(level__in=levels).order_by("-year", "level", "-version")
    today = clock.local_date(clock.now())
    context = {"rows": list(rows), "year": today.year, "may_write": may_write(acting_post(request))}
    return render(request, "responsibility/statements/templates.html", context)


def _template(request: HttpRequest, pk: int) -> StatementTemplate:
    """Return a template of a level at which the person issues statements: they read it."""
    post = acting_post(request)
    if post is None or post.kind not in SPEAKERS:
        raise NotAllowed
    row = get_object_or_404(StatementTemplate, pk=pk)
    if not (may_write(post) or receivers(post, row.level)):
        raise NotAllowed
    return row


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a template; while no statement was issued by it, the city's office can write it."""
    row = _template(request, pk)
    items = list(row.items.all())
    writes = may_write(acting_post(request))
    if request.method == "POST" and not writes:
        raise NotAllowed
    if row.used_at is not None or not writes:
        if request.method == "POST":
            messages.error(request, _("Statements were issued by it. Make a new version instead."))
            return redirect("responsibility:statement_template", pk)
        context = {
            "template": row,
            "items": [(item, rule(item)) for item in items],
            "copy": CopyForm(initial={"year": row.year}) if writes else None,
        }
        return render(request, "responsibility/statements/template.html", context)
    sent = request.POST if request.method == "POST" else None
    form = TemplateForm(sent, instance=StatementTemplate(title=row.title, text=row.text, level=row.level))
    initial = [{name: getattr(item, name) for name in FIELDS} for item in items]
    lines = ItemForms(sent, initial=initial, prefix="items", form_kwargs={"level": row.level})
    is_good = form.is_valid() and lines.is_valid() if request.method == "POST" else False
    if is_good:
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: write(
                template=row,
                title=given["title"],
                text=given["text"],
                items=given_items(lines),
                **_who(request),
            ),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("responsibility:statement_template", pk)
    context = {"template": row, "form": form, "lines": lines, "points": sum(item.points for item in items)}
    wrong = request.method == "POST" and (form.errors or not lines.is_valid())
    status = UNACCEPTABLE if wrong else HTTPStatus.OK
    return render(request, "responsibility/statements/template_edit.html", context, status=status)


@require_http_methods(["POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new version of a template, for this or another year."""
    row = _template(request, pk)
    if not may_write(acting_post(request)):
        raise NotAllowed
    form = CopyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a year."))
        return redirect("responsibility:statement_template", pk)
    year = form.cleaned_data["year"]
    made = attempt(request, form, lambda: new_version(template=row, year=year, **_who(request)))
    return redirect("responsibility:statement_template", made.pk if made else pk)
