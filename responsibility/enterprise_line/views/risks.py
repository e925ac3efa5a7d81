"""Risk points: the list of a site, its card of four colours, and the round of checks on a phone."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.enterprise_line import rounds
from responsibility.enterprise_line.choices import CheckResult
from responsibility.enterprise_line.forms import FoundForm, PointForm, RemoveForm, of_point
from responsibility.enterprise_line.models import RiskCheck, RiskPoint, RiskRound
from responsibility.enterprise_line.queries.overview import site_risks
from responsibility.enterprise_line.services.checks import check_point, check_rest
from responsibility.enterprise_line.services.risks import change_point, enter_point, remove_point
from responsibility.enterprise_line.views.shared import around, bound, find, form_page, people_of, writer
from safegrid.grid.choices import RiskGrade
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
from safegrid.kernel.views import UNACCEPTABLE, attempt

SHOWN = 300  # risk points of a site
ROUNDS = 10  # past ones


def _sites(request: HttpRequest, enterprise: Enterprise) -> list[Site]:
    return list(Site.objects.visible_to(request.user).filter(enterprise=enterprise).order_by("name", "pk"))


def _chosen(request: HttpRequest, sites: list[Site]) -> Site:
    """Return the site `?site=`, or the first; raise Http404 where there is no such site for the reader."""
    wanted = request.GET.get("site")
    for site in sites:
        if wanted is None or str(site.pk) == wanted:
            return site
    raise Http404


def _points(request: HttpRequest, site: Site) -> list[RiskPoint]:
    rows = RiskPoint.objects.visible_to(request.user).present().filter(site=site).select_related("owner")
    return list(rows.order_by("-score", "pk")[:SHOWN])


@require_GET
def risks(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the risk points of a site, the worst first, and what of its checks is open."""
    enterprise = find(request, pk)
    found = site_risks(request.user, enterprise)
    site = _chosen(request, [each.site for each in found])
    past = RiskRound.objects.visible_to(request.user).filter(site=site).order_by("-first_day", "-pk")
    context = around(request, enterprise, "risks") | {
        "sites": found,
        "site": site,
        "chosen": next(each for each in found if each.site == site),
        "points": _points(request, site),
        "past": past[:ROUNDS],
    }
    return render(request, "responsibility/own/risks.html", context)


@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the card of a site's risks in four colours (风险告知卡), to be printed on one page."""
    enterprise = find(request, pk)
    site = _chosen(request, _sites(request, enterprise))
    points = _points(request, site)
    context = around(request, enterprise, "risks") | {
        "site": site,
        "groups": [
            (value, label, [each for each in points if each.grade == value])
            for value, label in RiskGrade.choices
        ],
        "total": len(points),
    }
    return render(request, "responsibility/own/card.html", context)


@require_http_methods(["GET", "POST"])
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a risk point of the site `?site=`."""
    enterprise = find(request, pk)
    site = _chosen(request, _sites(request, enterprise))
    who = writer(request, enterprise.pk, clock.now())
    form = PointForm(bound(request), people=people_of(enterprise.pk))
    back = f"{reverse('responsibility:own_risks', args=[pk])}?site={site.pk}"
    return form_page(
        request,
        form,
        lambda: enter_point(site=site, facts=form.facts(), token=form.cleaned_data["token"], **who),
        enterprise=enterprise,
        tab="risks",
        title=_("Enter a risk point"),
        hint=_("The colour follows from likelihood × exposure × consequence."),
        button=_("Enter"),
        done=_("Entered. Its checks fall due by themselves."),
        to=lambda _row: back,
        back=back,
    )


def _point(request: HttpRequest, pk: int) -> RiskPoint:
    rows = RiskPoint.objects.visible_to(request.user).select_related("enterprise", "site", "owner")
    return get_object_or_404(rows, pk=pk)


def _back(row: RiskPoint) -> str:
    return f"{reverse('responsibility:own_risks', args=[row.enterprise_id])}?site={row.site_id}"


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a risk point."""
    row = _point(request, pk)
    who = writer(request, row.enterprise_id, clock.now())
    form = PointForm(bound(request), people=people_of(row.enterprise_id), initial=of_point(row))
    return form_page(
        request,
        form,
        lambda: change_point(point=row, facts=form.facts(), **who),
        enterprise=row.enterprise,
        tab="risks",
        title=row.name,
        button=_("Save"),
        done=_("Saved."),
        to=lambda _row: _back(row),
        back=_back(row),
        other=reverse("responsibility:own_point_remove", args=[pk]),
        other_label=_("It is gone"),
    )


@require_http_methods(["GET", "POST"])
def point_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a risk point is gone."""
    row = _point(request, pk)
    now = clock.now()
    who = writer(request, row.enterprise_id, now)
    form = RemoveForm(bound(request), initial={"on": clock.local_date(now)})
    return form_page(
        request,
        form,
        lambda: remove_point(point=row, **form.cleaned_data, **who),
        enterprise=row.enterprise,
        tab="risks",
        title=_("%(name)s is gone") % {"name": row.name},
        hint=_("It is checked no longer and stays on record."),
        button=_("It is gone"),
        done=_("Noted."),
        to=lambda _row: _back(row),
        back=_back(row),
        is_danger=True,
    )


def _round(request: HttpRequest, pk: int) -> RiskRound:
    return get_object_or_404(
        RiskRound.objects.visible_to(request.user).select_related("enterprise", "site"), pk=pk
    )


@require_http_methods(["GET", "POST"])
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round of checks; a POST says that one point, or all that are left, are in order."""
    row = _round(request, pk)
    now = clock.now()
    if request.method == "POST":
        who = writer(request, row.enterprise_id, now)
        form = FoundForm()
        wanted = request.POST.get("point", "")
        if wanted == "rest":
            count = attempt(request, form, lambda: check_rest(row=row, **who))
            if count:
                messages.success(
                    request,
                    ngettext("%(n)s point is in order.", "%(n)s points are in order.", count) % {"n": count},
                )
        else:
            found = _point(request, int(wanted) if wanted.isdigit() else 0)
            attempt(
                request,
                form,
                lambda: check_point(row=row, point=found, result=CheckResult.IN_ORDER.value, **who),
            )
        return redirect("responsibility:own_round", pk)
    checks = {
        each.point_id: each
        for each in RiskCheck.objects.filter(round=row)
        .select_related("point__owner", "checked_by")
        .order_by("pk")
    }
    left = list(rounds.left_of(row).select_related("owner")[:SHOWN]) if row.is_open else []
    context = around(request, row.enterprise, "risks") | {
        "row": row,
        "left": left,
        "checks": list(checks.values()),
        "done": len(checks),
        "total": len(checks) + len(left),
        "over": (clock.local_date(now) - row.last_day).days,
    }
    return render(request, "responsibility/own/round.html", context)


@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, pk: int, point: int) -> HttpResponse:
    """Say what is wrong at a risk point of a round."""
    row = _round(request, pk)
    mine = _point(request, point)
    who = writer(request, row.enterprise_id, clock.now())
    form = FoundForm(bound(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: check_point(row=row, point=mine, result=CheckResult.FOUND.value, **given, **who),
        )
        if done is not None:
            text = _("Noted.")
            if done.reference:
                text = _("Registered as %(number)s, found by yourselves.") % {"number": done.reference}
            messages.success(request, text)
            return redirect("responsibility:own_round", pk)
    context = around(request, row.enterprise, "risks") | {
        "form": form,
        "title": _("Something is wrong: %(name)s") % {"name": mine.name},
        "button": _("Register"),
        "back": reverse("responsibility:own_round", args=[pk]),
        "hint": "",
    }
    status = UNACCEPTABLE if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "responsibility/own/form.html", context, status=status)
