"""Pages of statements: one statement, signing many, issuing, templates, the ranking."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.instructions.subjects import note_url
from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.statements import queries
from responsibility.statements.bodies import judged_by, may_judge
from responsibility.statements.choices import SCORED, StatementLevel, StatementState
from responsibility.statements.forms import QuarterForm, ReasonForm, ReviewForm
from responsibility.statements.indicators import COUNTED, Span, bad_of
from responsibility.statements.letter import word
from responsibility.statements.lifecycle import MACHINE, actor_for
from responsibility.statements.listing import to_sign
from responsibility.statements.models import ScoreLine, Statement, StatementScore, quarter_days
from responsibility.statements.reviewing import lock_day
from responsibility.statements.scoring import (
    lock,
    lock_many,
    quarter_before,
    quarter_of,
    review,
    revise,
    score_quarter,
)
from responsibility.statements.signing import SIDES, act
from responsibility.statements.table import office_table
from safegrid.accounts.middleware import acting_post
from safegrid.files.forms import Intake
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed, Refused
from safegrid.kernel.scope import reach_of
from safegrid.kernel.views import UNACCEPTABLE, attempt

CAUSES = 200  # shown of what an indicator counts as bad
AT_ONCE = 100  # statements signed together


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.user, "acting_post": acting_post(request), "now": clock.now()}


def _statement(request: HttpRequest, pk: int) -> Statement:
    seen = Statement.objects.visible_to(request.user).select_related(
        "template", "promiser", "enterprise", "receiver", "issued_by", "issued_post", "district", "township"
    )
    return get_object_or_404(seen, pk=pk)


@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one statement: text, signatures, scores; a POST signs, withdraws, locks or corrects."""
    row = _statement(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" and "reason" in request.POST else None)
    if request.method == "POST" and _do(request, row, form):
        return redirect("responsibility:statement", pk)
    now = clock.now()
    post = acting_post(request)
    context = {
        "statement": row,
        "signatures": queries.signatures(row),
        # Why somebody cannot sign is worth saying; what is not theirs or not yet due is not.
        "offers": [
            offer
            for offer in MACHINE.offers(row, actor_for(request.user, post, now=now))
            if offer.allowed or offer.move.action in SIDES
        ],
        "form": form,
        "failed": request.POST.get("action", ""),
        "scores": queries.scores(row, now=now),
        "judges": may_judge(row, post),
        "quarters": _quarters(row, clock.local_date(now)),
        "is_scored": row.state in SCORED,
        "instruct_url": note_url(row, post),
    }
    status = UNACCEPTABLE if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "responsibility/statements/statement.html", context, status=status)


def _quarters(row: Statement, today: dt.date) -> list[int]:
    """Return the quarters of the statement's year that have begun."""
    return [n for n in range(1, 5) if quarter_days(row.year, n)[0] <= today]


def _do(request: HttpRequest, row: Statement, form: ReasonForm) -> bool:
    """Do what the form asks; whether it was done, or can be no more."""
    action = request.POST.get("action", "")
    who = _who(request)
    reason = form.cleaned_data["reason"] if form.is_bound and form.is_valid() else ""
    if action in ("withdraw", "revise") and not reason:
        return False
    if action in ("lock", "revise"):
        score = get_object_or_404(row.scores, pk=_number(request.POST.get("score")))
        if action == "lock":
            if attempt(request, form, lambda: lock(score=score, **who)):
                messages.success(request, _("Locked. From now on only a revision corrects it."))
        elif attempt(request, form, lambda: revise(score=score, reason=reason, **who)):
            messages.success(request, _("This is the revision. Correct it, then lock it."))
        return True
    if action == "score":
        if not may_judge(row, who["acting_post"]):
            raise NotAllowed
        quarter = _number(request.POST.get("quarter"))
        if quarter not in range(1, 5):
            raise Http404
        only = Statement.objects.filter(pk=row.pk)
        attempt(request, form, lambda: score_quarter(row.year, quarter, rows=only, **who))
        return True
    if action not in {move.action for move in MACHINE}:
        raise Http404
    seen = request.POST.get("seen", "")
    done = attempt(request, form, lambda: act(statement=row, action=action, seen=seen, reason=reason, **who))
    if done is not None and action in SIDES:
        in_force = done.state == StatementState.IN_FORCE
        messages.success(request, _("Signed by both sides: it is in force.") if in_force else _("Signed."))
    return not form.errors


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 15 else 0


@require_http_methods(["GET", "POST"])
def sign_many(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's signature; a POST signs what was chosen, each by its own hash."""
    now = clock.now()
    post = acting_post(request)
    waiting = to_sign(Statement.objects.visible_to(request.user), request.user, now)
    every = list(waiting.select_related("receiver").order_by("body", "pk")[:AT_ONCE])
    context = actor_for(request.user, post, now=now)
    rows = []
    for row in every:
        for action in SIDES:
            move = MACHINE.find(row, action)
            if move is not None and MACHINE.may(move, row, context):
                rows.append((row, action))
                break
    if request.method == "POST":
        chosen = set(request.POST.getlist("seen"))
        done = 0
        for row, action in rows:
            if f"{row.pk}:{row.sha256}" in chosen:
                try:
                    act(statement=row, action=action, seen=row.sha256, **_who(request))
                    done += 1
                except Refused as refusal:
                    messages.error(request, f"{row}: {refusal.message}")
        if done:
            text = ngettext("%(n)s statement signed.", "%(n)s statements signed.", done)
            messages.success(request, text % {"n": done})
        return redirect("responsibility:statements_sign")
    return render(
        request, "responsibility/statements/sign.html", {"rows": rows, "more": len(every) == AT_ONCE}
    )


@require_GET
def document(request: HttpRequest, pk: int) -> FileResponse:
    """Give the statement as a Word document."""
    return word(_statement(request, pk))


@require_GET
def causes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the obligations that a figure of one statement takes points off for."""
    row = _statement(request, pk)
    code = request.GET.get("of", "on_time")
    if code not in COUNTED:
        raise Http404
    try:
        first = dt.date.fromisoformat(request.GET.get("from", ""))
        last = dt.date.fromisoformat(request.GET.get("to", ""))
    except ValueError as error:
        raise Http404 from error
    now = clock.now()
    span = Span(first, last, now)
    every = bad_of(row, code, span)
    seen = every.filter(pk__in=Obligation.objects.visible_to(request.user).values("pk"))
    shown = seen.select_related("debtor_post", "debtor_enterprise", "site").order_by("due_on", "pk")[:CAUSES]
    context = {
        "statement": row,
        "heading": _("Planned and not done") if code == "plan_done" else _("Not done by its day"),
        "first": first,
        "last": last,
        "rows": [
            (each, words.title(each.label, each.params), words.url(each.label, each.params)) for each in shown
        ],
        "count": (count := seen.count()),
        "hidden": every.count() - count,
        "more": max(count - CAUSES, 0),
    }
    return render(request, "responsibility/statements/causes.html", context)


@require_http_methods(["GET", "POST"])
def reviewing(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Give the points of an item, or say whether a veto applies."""
    row = _statement(request, pk)
    found = get_object_or_404(
        ScoreLine.objects.select_related("score__statement", "item").filter(score__statement=row), pk=line
    )
    who = _who(request)
    if not may_judge(row, who["acting_post"]):
        raise NotAllowed
    intake = Intake(request.user, who["now"])
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReviewForm(*sent, line=found, intake=intake)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            request,
            form,
            lambda: review(
                line=found,
                points=given.get("points"),
                is_vetoed=given.get("is_vetoed", False),
                note=given["note"],
                document=given["document"],
                photos=given["photos"],
                **who,
            ),
        )
        if done is not None:
            messages.success(request, _("Saved."))
            return redirect("responsibility:statement", pk)
    context = {"statement": row, "line": found, "form": form}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/statements/review.html", context, status=status)


def _asked(request: HttpRequest) -> tuple[QuarterForm, int, int, str]:
    """Return the form of year, quarter and level with what the address asks for; else the last quarter."""
    today = clock.local_date(clock.now())
    last_year, last_quarter = quarter_before(*quarter_of(today))
    years = queries.years_of(request.user) or [today.year]
    start = {"year": last_year if last_year in years else years[0], "quarter": last_quarter}
    asked = {name: request.GET.get(name) or start.get(name) for name in ("year", "quarter")}
    asked["level"] = request.GET.get("level") or StatementLevel.DISTRICT.value
    form = QuarterForm(asked, years=years)
    if form.is_valid():
        given = form.cleaned_data
        return form, given["year"], given["quarter"], given["level"]
    return form, start["year"], start["quarter"], StatementLevel.DISTRICT.value


@require_http_methods(["GET", "POST"])
def ranking(request: HttpRequest) -> HttpResponse:
    """Show units by their points of a quarter; a POST works the quarter out, or locks it."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    form, year, quarter, level = _asked(request)
    post = acting_post(request)
    now = clock.now()
    if request.method == "POST":
        _run_quarter(request, year, quarter, level)
        return redirect(request.get_full_path())
    places, ranked = queries.ranking(request.user, year=year, quarter=quarter, level=level)
    is_over = quarter_days(year, quarter)[1] < clock.local_date(now)
    context = {
        "form": form,
        "year": year,
        "quarter": quarter,
        "level": level,
        "level_label": StatementLevel(level).label,
        "is_ranked": level in queries.RANKED,
        "places": places,
        "ranked": ranked,
        "judges": Statement.objects.filter(judged_by(post), year=year, level=level).exists(),
        "is_over": is_over,
        "open": sum(each.score is not None and each.score.locked_at is None for each in places),
        "lock_day": lock_day(year, quarter) if is_over else None,
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/statements/ranking.html", context, status=status)


def _run_quarter(request: HttpRequest, year: int, quarter: int, level: str) -> None:
    """Work out or lock the quarter for the statements that the acting post judges."""
    who = _who(request)
    own = judged_by(who["acting_post"])
    mine = Statement.objects.visible_to(request.user).filter(own, level=level)
    if not mine.filter(year=year).exists():
        raise NotAllowed
    try:
        if request.POST.get("action") == "lock":
            waiting = StatementScore.objects.filter(
                quarter=quarter, statement__in=mine.filter(year=year, state__in=SCORED).values("pk")
            )
            done = lock_many(waiting, **who)
            text = ngettext("%(n)s score locked.", "%(n)s scores locked.", done)
        else:
            done = score_quarter(year, quarter, rows=mine, **who)
            text = ngettext("%(n)s score has changed.", "%(n)s scores have changed.", done)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, text % {"n": done})


@require_GET
def table(request: HttpRequest) -> FileResponse:
    """Give table 7 of a quarter as a sheet: what the person reads."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    _form, year, quarter, level = _asked(request)
    name = f"assessment-{year}-Q{quarter}-{level}.xlsx"
    return office_table(request.user, year=year, quarter=quarter, level=level).response(name)
