"""Who answers here: the assignments over a place on a day, giving and ending them."""

import datetime as dt
from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from responsibility.assignments import many, spans
from responsibility.assignments.card import card
from responsibility.assignments.forms import AssignForm, EndForm, ManyForm
from responsibility.assignments.gate import gate_codes
from responsibility.assignments.importing import assignments as spreadsheets
from responsibility.assignments.models import Assignment
from responsibility.assignments.qr import qr_code
from responsibility.assignments.resolution import who_answers
from responsibility.assignments.services import assign, call_off, end, may_assign, may_assign_over, may_end
from responsibility.transfers.lifecycle import speaks
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.queries import holders
from safegrid.grid.imports.services import may_import
from safegrid.grid.models import District, Site
from safegrid.grid.queries import ancestors, districts_on, open_districts
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import LEVELS, reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt


def _officials_only(request: HttpRequest) -> None:
    if not reach_of(request.user).is_official:
        raise PermissionDenied


def _transferring(request: HttpRequest) -> dict[str, Any]:
    """Return whether the person speaks for a body, which can transfer what it answers for, and which one."""
    post = acting_post(request)
    return {"may_transfer": speaks(post), "acting_unit": post.unit_id if post else None}


def _place(code: str | None) -> District:
    """Return the place with `code`, the city for none; raise Http404."""
    places = open_districts()
    found = places.filter(code=code).first() if code else places.first()
    if found is None:
        raise Http404
    return found


def _place_on(code: str | None, on: dt.date) -> District:
    """Return likewise the place that had `code` on the day `on`, also one that is no more."""
    return districts_on(on).filter(code=code or "").first() or _place(code)


def _day(request: HttpRequest, today: dt.date) -> dt.date:
    """Return the day `?on=` of the address; today for none, and with a message for what is no day."""
    wanted = request.GET.get("on")
    try:
        return dt.date.fromisoformat(wanted) if wanted else today
    except ValueError:
        messages.error(request, _("This is no day; today is shown."))
        return today


@require_GET
def assignments(request: HttpRequest) -> HttpResponse:
    """Show what is assigned over the place `?place=` on the day `?on=`, today when none is given."""
    _officials_only(request)
    today = clock.local_date(clock.now())
    on = _day(request, today)
    place = _place_on(request.GET.get("place"), on)
    rows = list(
        Assignment.objects.visible_to(request.user)
        .as_of(on)
        .filter(district=place)
        .select_related("post__unit", "matter")
        .order_by("line", "matter__path", "tier", "pk")
    )
    later = (
        Assignment.objects.visible_to(request.user)
        .filter(district=place, span__startswith__gt=on)
        .select_related("post__unit", "matter", "district")
        .order_by("span", "line", "matter__path", "tier", "pk")
    )
    manned = holders({row.post_id for row in rows}, on=on)
    context = {
        "place": place,
        "above": ancestors(place),
        "below": districts_on(on).filter(path__startswith=place.path, depth=place.depth + 1),
        "on": on,
        "iso": on.isoformat(),
        "today": today,
        "rows": [(row, manned.get(row.post_id)) for row in rows],
        "later": list(later),
        "may_assign": place.closed_on is None and may_assign(acting_post(request), place),
        **_transferring(request),
        "may_import": may_import(acting_post(request), spreadsheets),
    }
    return render(request, "responsibility/assignments.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give a post a duty over the place `?place=`, or over the one site `?site=`."""
    post = acting_post(request)
    over = _site(request, request.GET["site"]) if request.GET.get("site") else None
    place = _stands_in(over) if over else _place(request.GET.get("place"))
    if not (may_assign_over(request.user, post, over) if over else may_assign(post, place)):
        raise NotAllowed
    now = clock.now()
    given = {name: request.GET[name] for name in ("line", "tier", "matter") if name in request.GET}
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        place=place,
        site=over,
        today=clock.local_date(now),
        initial={"since": clock.local_date(now), **given},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: assign(
                post=form.chosen_post,
                district=None if over else place,
                site=over,
                actor=request.user,
                acting_post=post,
                now=now,
                **{name: value for name, value in form.cleaned_data.items() if name != "post"},
            ),
        )
        if done is not None:
            messages.success(request, _done_text(done.outcome))
            return redirect(_listed_at(done.row))
    context = {"form": form, "place": place, "above": ancestors(place), "site": over}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/assign.html", context, status=status)


def _done_text(outcome: str) -> str:
    """Return what was done when a duty was given, in the reader's words."""
    if outcome == spans.THERE:
        return _("This post has the duty on all of these days already; nothing was changed.")
    if outcome == spans.LENGTHENED:
        return _(
            "This post had the duty on some of these days already; now it has it on all of them. What it "
            "rests on stays. The coverage follows within a minute."
        )
    return _("Assigned. The coverage follows within a minute.")


@require_http_methods(["GET", "POST"])
def new_many(request: HttpRequest) -> HttpResponse:
    """Give one duty over the places `?places=` (their codes): shown first, then (`sure`) done."""
    post = acting_post(request)
    if not may_assign(post):
        raise NotAllowed
    codes = [code for each in request.GET.getlist("places") for code in each.split(",") if code]
    places = list(open_districts().filter(code__in=codes[: many.AT_MOST]))
    if not places:
        messages.info(request, _("Choose places first: tick them in the list of a place."))
        return redirect("grid:districts")
    if len(codes) > many.AT_MOST:
        text = _("At most %(most)s places are taken at once; these are the first of yours.")
        messages.warning(request, text % {"most": many.AT_MOST})
    now = clock.now()
    today = clock.local_date(now)
    form = ManyForm(
        request.POST if request.method == "POST" else None,
        place=_above_all(places),
        today=today,
        initial={"since": today},
    )
    weighed = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        duty = many.Duty(
            posts=tuple(form.chosen_posts),
            chosen=form.chosen_for(places),
            **{name: given[name] for name in given if name != "posts"},
        )
        if "sure" in request.POST:
            who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": now}
            done = attempt(request, form, lambda: many.assign_many(places=places, duty=duty, **who))
            if done is not None:
                text = ngettext(
                    "%(n)s duty given or lengthened. The coverage follows within a minute.",
                    "%(n)s duties given or lengthened. The coverage follows within a minute.",
                    len(done),
                )
                messages.success(request, text % {"n": len(done)})
                return redirect(f"{reverse('responsibility:assignments')}?place={places[0].code}")
        elif "again" not in request.POST:
            weighed = attempt(request, form, lambda: many.weigh(places, duty, acting_post=post, today=today))
    context = {
        "form": form,
        "places": places,
        "weighed": weighed,
        "posts": form.chosen_posts if weighed and form.cleaned_data["one_each"] else [],
        "new": sum(each.is_to_be_done for each in weighed or ()),
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/assign_many.html", context, status=status)


def _above_all(places: list[District]) -> District:
    """Return the lowest place in which all of `places` lie."""
    paths = [place.path for place in places]
    step = District.steplen
    ends = range(min(map(len, paths)), 0, -step)
    common = next((paths[0][:end] for end in ends if len({path[:end] for path in paths}) == 1), paths[0])
    return District.objects.defer("boundary").get(path=common)


@require_http_methods(["GET", "POST"])
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an assignment end; the page says what it is before it asks for the day."""
    post = acting_post(request)
    if not may_assign(post):
        raise NotAllowed
    seen = Assignment.objects.visible_to(request.user).select_related(
        "post__unit", "matter", "district", "site"
    )
    row = get_object_or_404(seen, pk=pk)
    now = clock.now()
    today = clock.local_date(now)
    first = max(today, row.span.lower + dt.timedelta(days=1))
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": first})
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if attempt(
            request, form, lambda: end(assignment=row, on=on, actor=request.user, acting_post=post, now=now)
        ):
            messages.success(request, _("Ended. Until then it stays on record."))
            return redirect(_listed_at(row))
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    context = {"form": form, "row": row, "back": _listed_at(row), "today": today}
    return render(request, "responsibility/end.html", context, status=status)


@require_POST
def calling_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Call off an assignment that begins today or later; the button has asked before."""
    post = acting_post(request)
    if not may_assign(post):
        raise NotAllowed
    rows = Assignment.objects.visible_to(request.user).select_related("district")
    row = rows.filter(pk=pk).first()
    if row is None:  # the button was pressed twice
        messages.info(request, _("It has been called off already."))
        return redirect("responsibility:assignments")
    who: dict[str, Any] = {"actor": request.user, "acting_post": post, "now": clock.now()}
    if attempt(request, forms.Form(), lambda: call_off(assignment=row, **who)):
        messages.success(request, _("Called off. It is not in force on any day; the ledger keeps it."))
    return redirect(_listed_at(row))


def _listed_at(row: Assignment) -> str:
    """Return the address of the page that lists an assignment: of its site, or of its place."""
    if row.site_id is not None:
        return reverse("responsibility:site", args=[row.site_id])
    return f"{reverse('responsibility:assignments')}?place={row.district.code if row.district else ''}"


def _site(request: HttpRequest, pk: int | str) -> Site:
    """Return a site that the person reaches; raise Http404 for any other."""
    seen = Site.objects.visible_to(request.user).select_related("enterprise", *LEVELS)
    if not str(pk).isdigit():
        raise Http404
    return get_object_or_404(seen.defer(*(f"{level}__boundary" for level in LEVELS)), pk=pk)


def _stands_in(site: Site) -> District:
    """Return the narrowest place in which `site` stands; the city where it is not placed yet."""
    stands = [place for level in LEVELS if (place := getattr(site, level)) is not None]
    return stands[-1] if stands else _place(None)


@require_GET
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who answers for a site on the day `?on=`, and why: what was given, and what it outranks."""
    row = _site(request, pk)
    today = clock.local_date(clock.now())
    on = _day(request, today)
    context = {
        "site": row,
        "on": on,
        "today": today,
        "answers": who_answers(row, on=on),
        "gaps": [(line, gap) for line in card(row, on=on) for gap in line.gaps],
        "given": _given_over(request, row, on),
        "may_assign": may_assign_over(request.user, acting_post(request), row),
        **_transferring(request),
    }
    return render(request, "responsibility/site.html", context)


def _given_over(request: HttpRequest, site: Site, on: dt.date) -> list[tuple[Assignment, bool]]:
    """Return what is given over this one site, in force on a day or later, and whether it is theirs to end.

    One query.
    """
    rows = Assignment.objects.visible_to(request.user).filter(site=site)
    lasting = rows.filter(Q(span__upper_inf=True) | Q(span__endswith__gt=on))
    found = list(
        lasting.select_related("post__unit", "matter").order_by("line", "matter__path", "tier", "pk")
    )
    for each in found:
        each.site = site
    return [(each, may_end(request.user, acting_post(request), each)) for each in found]


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the responsibility card of a site as the notice that hangs at its gate, to be printed."""
    row = _site(request, pk)
    page = reverse("grid:enterprise", args=[row.enterprise_id])
    now = clock.now()
    context = {
        "site": row,
        "enterprise": row.enterprise,
        "lines": card(row, on=clock.local_date(now)),
        "now": now,
        "qr": qr_code(f"{settings.SITE_URL}{page}?site={row.pk}"),
        "codes": [(each.text, qr_code(each.address(row, now))) for each in gate_codes],
    }
    return render(request, "responsibility/notice.html", context)
