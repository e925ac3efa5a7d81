"""Pages of instructions: the list, one of them, giving one, and each action."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from responsibility.calendars.services import proposed
from responsibility.instructions import lifecycle, queries, subjects
from responsibility.instructions.choices import TONES, Role, Source, State
from responsibility.instructions.forms import InstructionForm, new_token
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.instructions.services import act, end, give
from responsibility.instructions.table import office_table
from responsibility.replies import lifecycle as replies
from responsibility.replies.choices import ReplyState
from responsibility.replies.views import act_page
from safegrid.accounts.middleware import acting_post
from safegrid.grid.choices import Level
from safegrid.grid.models import District
from safegrid.grid.queries import matters_reached, open_districts
from safegrid.kernel import clock
from safegrid.kernel.listing.selection import Selection
from safegrid.kernel.listing.views import ListingView
from safegrid.kernel.punctuation import comma
from safegrid.kernel.refusals import Invalid, NotAllowed
from safegrid.kernel.views import UNACCEPTABLE, attempt

TABLE = "table"  # the export in the form that offices hand up
SUGGESTED = "instruction_reply"  # code of the policy that proposes a reply date


class InstructionsView(ListingView):
    """The list of instructions; beside the other exports it gives the office's table 9 of what is shown."""

    def exports(self, selection: Selection) -> list[tuple[str, str]]:
        """Return the exports on offer."""
        return [
            (selection.address(format=TABLE), _("Table of instructions (Excel)")),
            *super().exports(selection),
        ]

    def export(self, selection: Selection, form: str) -> HttpResponseBase:
        """Return a file of exactly the rows that the list shows."""
        if form == TABLE and selection.is_understood:
            day = clock.local_date(selection.now)
            return office_table(selection).response(f"instructions-table-{day.isoformat()}.xlsx")
        return super().export(selection, form)


def _find(request: HttpRequest, pk: int) -> Instruction:
    rows = Instruction.objects.visible_to(request.user).select_related(
        "giver_post__unit", "given_by", "matter", "subject_type", "district", "township", "community", "cell"
    )
    heavy = [f"{level}__boundary" for level in ("district", "township", "community", "cell")]
    parts = models.Prefetch("tasks", InstructionTask.objects.select_related("unit", "post__unit"))
    return get_object_or_404(rows.defer(*heavy).prefetch_related(parts), pk=pk)


def _head(row: Instruction) -> dict[str, Any]:
    """Return what the head of every page about an instruction shows."""
    return {"instruction": row, "tone": TONES[State(row.state)]}


@require_GET
def instruction(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is asked for, whose move it is, and what has happened."""
    row = _find(request, pk)
    who = replies.actor_for(request.user, acting_post(request))
    now = clock.now()
    offers = lifecycle.MACHINE.offers(row, who)
    context = _head(row) | {
        "parts": queries.parts(row, who, now=now),
        "mine": [offer for offer in offers if offer.allowed],
        "others": [offer for offer in offers if not offer.allowed],
        "about_url": subjects.seen(row.subject_type, row.subject_id, request.user),
        "events": queries.timeline(row.steps.all()),
        "places": [p for p in (row.district, row.township, row.community, row.cell) if p is not None],
        "may_send": _may_send(request),
    }
    return render(request, "responsibility/instruction.html", context)


def _may_send(request: HttpRequest) -> bool:
    from responsibility.letters.queries import may_send

    return may_send(acting_post(request))


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Give an instruction, about a row when the address names one: `?about=hazard:12`."""
    post = acting_post(request)
    branches = queries.acting_places(post)
    about = _about(request)
    if post is None or post.unit is None or not branches:
        raise NotAllowed
    if about is not None and subjects.find(subjects.mark(about), request.user, post) is None:
        raise NotAllowed  # read by scope, acted on by somebody else
    now = clock.now()
    today = clock.local_date(now)
    form = InstructionForm(
        request.POST if request.method == "POST" else None,
        units=list(queries.units_below(branches)),
        own=post.unit,
        places=_places(branches),
        is_about_row=about is not None,
        today=today,
        initial={
            "token": new_token(),
            "source": Source.NOTE,
            "lead_due_on": proposed(SUGGESTED, now=now),
            **_proposed(about),
        },
    )
    form.fields["matter"].queryset = matters_reached(request.user)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():

        def do() -> Instruction:
            given = form.given()
            try:
                return give(**given, about=about, actor=request.user, acting_post=post, now=now)
            except Invalid as refusal:
                raise Invalid({form.field_of(n): s for n, s in refusal.message_dict.items()}) from refusal

        done = attempt(request, form, do)
        if done is not None:
            messages.success(request, _("Given. Each unit has it in its work now."))
            _tell_who_is_missing(request, form, done)
            return redirect("responsibility:instruction", done.pk)
    context = {
        "form": form,
        "about": dict(zip(("name", "name_en"), subjects.subject_of(about).name(about), strict=True))
        if about is not None
        else None,
        "about_url": subjects.subject_of(about).url(about) if about is not None else "",
    }
    status = UNACCEPTABLE if form.errors else HTTPStatus.OK
    return render(request, "responsibility/instruction_new.html", context, status=status)


def _tell_who_is_missing(request: HttpRequest, form: InstructionForm, row: Instruction) -> None:
    """Name the units that were meant by a tick and have nobody who could answer."""
    asked = set(row.tasks.values_list("unit", flat=True))
    missing = [unit.label for unit in form.everybody() if unit.pk not in asked]
    if missing:
        messages.warning(
            request,
            _("Not asked, for nobody there could answer: %(units)s. Fill their heads' posts.")
            % {"units": comma().join(missing)},
        )


def _about(request: HttpRequest) -> models.Model | None:
    """Return the row that the address names; raise Http404 for one that is not there for this person."""
    text = request.GET.get("about", "")
    if not text:
        return None
    row = subjects.find(text, request.user)
    if row is None:
        raise Http404
    return row


def _proposed(about: models.Model | None) -> dict[str, Any]:
    """Return what the row itself says of the form."""
    if about is None:
        return {}
    subject = subjects.subject_of(about)
    matter = subject.matter(about)
    return {"matter": matter.code if matter is not None else "", "title": subject.name(about)[0][:160]}


def _places(branches: Any) -> Any:
    """Return districts and townships in which the post acts."""
    places = open_districts().filter(level__in=(Level.DISTRICT, Level.TOWNSHIP))
    if any(branch.city for branch in branches):
        return places
    roots = District.objects.filter(pk__in={branch.place_id for branch in branches})
    wanted = models.Q(pk__in=[])
    for path in roots.values_list("path", flat=True):
        wanted |= models.Q(path__startswith=path)
    return places.filter(wanted)


@require_http_methods(["GET", "POST"])
def end_page(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Close an instruction with its summary, or withdraw it."""
    row = _find(request, pk)
    back = reverse("responsibility:instruction", args=[pk])
    return act_page(
        request,
        machine=lifecycle.MACHINE,
        subject=row,
        action=action,
        steps=row.steps.filter(task=None),
        apply=lambda **given: end(instruction=row, action=action, **given),
        back=back,
        context=_head(row) | {"parts": list(row.tasks.all())},
        initial={"note": _drafted(row)} if action == "close" else None,
    )


def _drafted(row: Instruction) -> str:
    """Return the answers of all units, as a summary to begin with."""
    tasks = [task for task in row.tasks.all() if task.answer and task.state != ReplyState.WITHDRAWN]
    if len(tasks) == 1:
        return tasks[0].answer
    return "\n\n".join(f"{task.unit.label}\n{task.answer}" for task in tasks)


@require_http_methods(["GET", "POST"])
def reply_page(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One action on a unit's part: a note, the answer, accepting it or sending it back."""
    task = get_object_or_404(InstructionTask.objects.visible_to(request.user), pk=pk)
    row = _find(request, task.instruction_id)
    task = next(each for each in row.tasks.all() if each.pk == pk)
    task.instruction = row
    return act_page(
        request,
        machine=replies.MACHINE,
        subject=task,
        action=action,
        steps=task.steps,
        apply=lambda **given: act(task=task, action=action, **given),
        back=reverse("responsibility:instruction", args=[row.pk]),
        context=_head(row) | {"task": task, "is_lead": task.role == Role.LEAD},
    )
