"""Pages of transfers: giving something to another body, and what it answers."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.assignments.resolution import matters_of
from responsibility.instructions.subjects import note_url
from responsibility.transfers import services
from responsibility.transfers.choices import TransferState
from responsibility.transfers.forms import AnswerForm, ProposeForm
from responsibility.transfers.lifecycle import MACHINE, Actor, speaks
from responsibility.transfers.listing import TONES
from responsibility.transfers.models import Transfer
from responsibility.transfers.queries import of_subject
from responsibility.transfers.subjects import transferables
from safegrid.accounts.middleware import acting_post
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.names import choose
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt

HINTS = {
    "accept": gettext_lazy("From today on your body answers for it; the one that sent it no longer does."),
    "pass_on": gettext_lazy(
        "Name the body whose it is. It stays open until they accept; the sender sees each step."
    ),
    "decide": gettext_lazy("Whom you name can only accept."),
    "withdraw": gettext_lazy("Nothing changes hands. The receiver no longer sees it."),
}


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Propose to another body that it takes something on."""
    if kind not in transferables:
        raise Http404
    plug = transferables[kind]
    subject = get_object_or_404(plug.seen(request.user), pk=pk)
    post = acting_post(request)
    if not speaks(post):
        raise NotAllowed
    now = clock.now()
    site = plug.site(subject)
    matters = matters_of(site, on=clock.local_date(now)) if site is not None and "matter" in plug.asks else []
    form = ProposeForm(
        request.POST if request.method == "POST" else None,
        asks=plug.asks,
        matters=matters,
        own=post.unit_id or 0,  # type: ignore[union-attr]
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            request,
            form,
            lambda: services.propose(
                kind=kind, subject=subject, actor=request.user, acting_post=post, now=now, **form.given()
            ),
        )
        if done is not None:
            messages.success(request, _("Sent. It is open until the receiver accepts."))
            return redirect("responsibility:transfer", done.pk)
    context = {
        "form": form,
        "plug": plug,
        "name": choose(*plug.words(subject)),
        "back": plug.url(subject),
        "open": of_subject(kind, pk),
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/transfer_new.html", context, status=status)


def _find(request: HttpRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.user).select_related(
        "matter", "sender_unit", "sender_post", "receiver_unit", "receiver_post", "site"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is transferred, whose move it is, and each body that was asked."""
    row = _find(request, pk)
    now = clock.now()
    plug = transferables[row.kind]
    subject = plug.seen(request.user).filter(pk=row.subject_id).first()
    legs = list(row.legs.select_related("unit", "from_unit", "post", "answered_by"))
    manned = holders({leg.post_id for leg in legs} | {row.sender_post_id}, on=clock.local_date(now))
    offers = MACHINE.offers(row, Actor(request.user, acting_post(request), now))
    is_open = row.state == TransferState.PROPOSED
    context = {
        "transfer": row,
        "plug": plug,
        "subject_url": plug.url(subject) if subject is not None else "",
        "tone": TONES[TransferState(row.state)],
        "legs": [(leg, manned.get(leg.post_id)) for leg in legs],
        "sender": manned.get(row.sender_post_id),
        "over": (clock.local_date(now) - row.due_on).days if is_open else None,
        "instruct_url": note_url(row, acting_post(request)),
        "mine": [offer.move for offer in offers if offer.allowed],
        "others": [offer for offer in offers if not offer.allowed],
    }
    return render(request, "responsibility/transfer.html", context)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Show the form of one move of the lifecycle, or do it."""
    row = _find(request, pk)
    if action not in {move.action for move in MACHINE}:
        raise Http404
    now = clock.now()
    post = acting_post(request)
    move = MACHINE.find(row, action)
    if move is None:
        messages.info(request, _("This transfer is no longer open; look at it again."))
        return redirect("responsibility:transfer", pk)
    if not MACHINE.may(move, row, Actor(request.user, post, now)):
        raise NotAllowed
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        transfer=row,
        move=move,
        post=post,
        on=clock.local_date(now),
    )
    if request.method == "POST" and form.is_valid():
        given = _given(form.cleaned_data)
        verb = getattr(services, action)
        who = {"actor": request.user, "acting_post": post, "now": now}
        if attempt(request, form, lambda: verb(transfer=row, **given, **who)) is not None:
            messages.success(request, _("Done. Both sides see it."))
            return redirect("responsibility:transfer", pk)
    context = {"form": form, "move": move, "transfer": row, "hint": HINTS[action]}
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/transfer_answer.html", context, status=status)


def _given(data: dict[str, Any]) -> dict[str, Any]:
    given = dict(data)
    if "unit" in given:
        given["unit"] = Unit.objects.get(pk=given["unit"])
    if "post" in given:
        given["post"] = Post.objects.get(pk=given["post"])
    return given
