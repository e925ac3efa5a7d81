"""The page of one hazard, and a page for each action on it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hazards import page
from hazards.choices import State
from hazards.forms import ActForm
from hazards.grading import categories
from hazards.lifecycle import MACHINE, Actor, actor_for
from hazards.listed.panel import panel
from hazards.models import Hazard, Step
from hazards.papers.queries import on_offer, papers_about
from hazards.penalties import panels as penalties
from hazards.repeats import likely_same
from hazards.reports.panels import reports_of
from hazards.services import act
from hazards.sources import is_hidden, source_for
from hazards.transfers import transfer_url
from hazards.wording import DONE, HINT
from responsibility.instructions.subjects import note_url
from safegrid.accounts.middleware import acting_post
from safegrid.files.forms import Intake
from safegrid.kernel import clock
from safegrid.kernel.machine import Move, Offer
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import LEVELS
from safegrid.kernel.views import UNACCEPTABLE, attempt

#: How a state looks, beside its words.
TONES = {
    State.REPORTED: "info",
    State.GRADED: "info",
    State.RECTIFYING: "warn",
    State.TO_CONFIRM: "info",
    State.TO_ACCEPT: "info",
    State.CLOSED: "good",
    State.CANCELLED: "neutral",
}

RISK_TONES = {"red": "bad", "orange": "warn", "yellow": "warn", "blue": "info"}

#: The other answer to the same question, offered beside the form.
SIBLINGS = {
    "accept": ("send_back",),
    "confirm": ("send_back",),
    "grant_extension": ("deny_extension",),
    "consent_resume": ("refuse_resume",),
}


def _find(request: HttpRequest, number: str) -> Hazard:
    """Return the hazard `number` when the person reaches it; for everybody else there is none."""
    rows = Hazard.objects.visible_to(request.user).select_related(
        "enterprise",
        *(f"site__{level}" for level in LEVELS),
        "matter",
        "ordering_unit",
        "ordered_by__unit",
        "found_by",
        "found_post",
        "ledger_row__job",
    )
    heavy = [f"site__{level}__boundary" for level in LEVELS]
    return get_object_or_404(rows.defer(*heavy), number=number)


def _actor(request: HttpRequest, hazard: Hazard, now: dt.datetime) -> Actor:
    return actor_for(hazard, request.user, request.acting_post, now=now)  # type: ignore[attr-defined]


def _offers(request: HttpRequest, hazard: Hazard, now: dt.datetime) -> list[Offer]:
    return MACHINE.offers(hazard, _actor(request, hazard, now))


def _head(hazard: Hazard, now: dt.datetime) -> dict[str, Any]:
    """What the head of every page about a hazard shows."""
    return {
        "hazard": hazard,
        "tone": TONES[State(hazard.state)],
        "over": hazard.days_over(now) if hazard.state == State.RECTIFYING else None,
        "is_overdue": hazard.is_overdue(now),
        "early": max(-(hazard.days_late or 0), 0),
        "pictures": page.pictures(hazard),
    }


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show what it is, whose move it is, and what has happened."""
    now = clock.now()
    hazard = _find(request, number)
    offers = _offers(request, hazard, now)
    into, merged = page.merged(hazard, request.user)
    return render(
        request,
        "hazards/detail.html",
        _head(hazard, now)
        | {
            "turns": page.turns(hazard, now=now),
            "instruct_url": note_url(hazard, acting_post(request)),
            "mine": [offer.move for offer in offers if offer.allowed],
            "others": [offer for offer in offers if not offer.allowed],
            "places": [place for level in LEVELS if (place := getattr(hazard.site, level)) is not None],
            "told": page.told(hazard, request.user),
            "category": categories.path_of(hazard.category_id),
            "risk_tone": RISK_TONES.get(hazard.risk, ""),
            "source": source_for(request.user, hazard),
            "finder_is_shown": not is_hidden(hazard.source, hazard.enterprise_id, request.user),
            "steps": page.timeline(hazard, request.user),
            "plan": getattr(hazard, "plan", None) if hazard.is_major else None,
            "report": getattr(hazard, "major_report", None) if hazard.is_major else None,
            "site_measures": list(
                hazard.site_measures.select_related(
                    "taken_by", "taken_post", "lifted_by", "lifted_post", "paper__document"
                )
            ),
            "transfer_url": transfer_url(hazard, acting_post(request)),
            "extensions": list(hazard.extensions.all()),
            "papers": papers_about(hazard, request.user, acting_post(request)),
            "papers_offered": on_offer(hazard, request.user, acting_post(request)),
            **penalties.about(hazard, request),
            "same_before": page.same_before(hazard, request.user),
            "likely": likely_same(hazard, request.user),
            "merged_into": into,
            "merged": merged,
            "others_open": page.others_open(hazard, request.user),
            "reports": reports_of(hazard, request.user),
            "listed": panel(hazard, _actor(request, hazard, now)),
            "open_url": f"{reverse('hazards:list')}?tab=open&enterprise={hazard.enterprise_id}",
        },
    )


@require_GET
def photos(request: HttpRequest, number: str) -> HttpResponse:
    """Show the pictures again, for a page that waits for them to be prepared."""
    hazard = _find(request, number)
    return render(request, "hazards/_pictures.html", {"hazard": hazard, "pictures": page.pictures(hazard)})


@require_http_methods(["GET", "POST"])
def act_on(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Show the form of one action, or apply it."""
    if action not in {move.action for move in MACHINE}:
        raise Http404
    now = clock.now()
    hazard = _find(request, number)
    offer = next((o for o in _offers(request, hazard, now) if o.move.action == action), None)
    if request.method == "POST":
        return _apply(request, hazard, action, offer, now=now)
    if offer is None:
        messages.info(request, _("This is not possible for %(number)s now.") % {"number": number})
        return redirect("hazards:detail", number)
    _check(request, hazard, offer, now)
    return _show_form(request, hazard, offer.move, _form(request, hazard, offer.move, now=now), now=now)


def _check(request: HttpRequest, hazard: Hazard, offer: Offer, now: dt.datetime) -> None:
    """Refuse whoever this action is not for."""
    if not MACHINE.may(offer.move, hazard, _actor(request, hazard, now)):
        raise NotAllowed(offer.reason)


def _form(request: HttpRequest, hazard: Hazard, move: Move, *, now: dt.datetime) -> ActForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return ActForm(*sent, hazard=hazard, move=move, intake=Intake(request.user, now), now=now)


def _apply(
    request: HttpRequest, hazard: Hazard, action: str, offer: Offer | None, *, now: dt.datetime
) -> HttpResponse:
    if _is_repeated(request, hazard, action):
        return _already_done(request, hazard)
    move = offer.move if offer else next(m for m in MACHINE if m.action == action)
    if offer:
        _check(request, hazard, offer, now)
    form = _form(request, hazard, move, now=now)
    if form.is_valid():
        done = attempt(
            request,
            form,
            lambda: act(
                hazard=hazard,
                action=action,
                given=form.given(),
                version=form.cleaned_data["version"],
                actor=request.user,  # type: ignore[arg-type]
                acting_post=request.acting_post,  # type: ignore[attr-defined]
                now=now,
            ),
        )
        if done is not None:
            messages.success(request, DONE[action])
            if done.state == State.GRADED:  # what was graded is ordered next, by the same person
                return redirect("hazards:act", hazard.number, "order")
            return redirect("hazards:detail", hazard.number)
    # Typed text stays; what is sent again is about the hazard as it is now.
    hazard = _find(request, hazard.number)
    form.renew(hazard.version)
    return _show_form(request, hazard, move, form, now=now, status=UNACCEPTABLE)


def _is_repeated(request: HttpRequest, hazard: Hazard, action: str) -> bool:
    """Whether the last step is this very form, sent before by the same person."""
    last: Step | None = hazard.steps.order_by("-pk").first()
    same = last is not None and last.action == action and last.actor_id == request.user.pk
    return same and request.POST.get("version") == str(hazard.version - 1)


def _already_done(request: HttpRequest, hazard: Hazard) -> HttpResponse:
    messages.info(request, _("This was done already; nothing was done twice."))
    return redirect("hazards:detail", hazard.number)


def _show_form(
    request: HttpRequest,
    hazard: Hazard,
    move: Move,
    form: ActForm,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    offers = _offers(request, hazard, now)
    offer = next((o for o in offers if o.move == move), None)
    context = _head(hazard, now) | {
        "form": form,
        "move": move,
        "hint": HINT.get(move.action, ""),
        "siblings": [o.move for o in offers if o.allowed and o.move.action in SIBLINGS.get(move.action, ())],
        "obstacle": offer.reason if offer else _("This is not possible any longer: it has moved on."),
    }
    return render(request, "hazards/act.html", context, status=status)
