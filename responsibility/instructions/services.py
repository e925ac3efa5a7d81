"""Giving an instruction, answering it, and closing it with a summary."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from responsibility.calendars.services import deadline
from responsibility.documents.services import take_number
from responsibility.instructions import lifecycle, subjects
from responsibility.instructions.choices import Owed, Role, Source, State
from responsibility.instructions.models import NO_DAY, TITLE_LENGTH, Instruction, InstructionTask
from responsibility.instructions.queries import acting_places, units_below
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, open_obligation
from responsibility.replies import services as replies
from responsibility.replies.choices import ReplyState
from responsibility.replies.lifecycle import actor_for
from responsibility.replies.models import NOTE_LENGTH, ReplyStep
from responsibility.units.answering import answering_posts
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.grid.models import District, Matter, Unit
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from safegrid.kernel.scope import LEVELS, Branch

NUMBERED_AS = "instruction"  # code of the kind of document in whose series instructions are numbered


@dataclass(frozen=True)
class Asked:
    """A unit that is to answer by a local day."""

    unit: Unit
    due_on: dt.date | None


def give(
    *,
    token: uuid.UUID,
    source: str,
    title: str,
    text: str,
    lead: Asked,
    assisting: Sequence[Asked] = (),
    everybody: Iterable[Unit] = (),
    source_title: str = "",
    source_number: str = "",
    about: models.Model | None = None,
    matter: Matter | None = None,
    place: District | None = None,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Instruction:
    """Give an instruction and return it: each unit's post owes an answer by its day, to `acting_post`.

    A head or the safety committee's office gives one, to bodies and about rows inside the scope in which the
    post acts. Of `everybody` those assist as well, by the lead's day, whom nobody has named and in which
    somebody but the giver answers. `about` is a row of a plugged-in subject; its place and matter are taken
    over. Sent twice with one `token`, the first comes back. Raise NotAllowed for whoever may not, or about a
    row on which the post does not act; Invalid naming the field (`lead`, `lead_due_on`, `assist_N`,
    `assist_N_due_on` from 1, …).
    """
    branches = acting_places(acting_post)
    if acting_post is None or acting_post.pk not in actor.reach.post_ids or not branches:
        raise NotAllowed
    if about is not None and subjects.find(subjects.mark(about), actor, acting_post) is None:
        raise NotAllowed
    done = Instruction.objects.filter(token=token, giver_post=acting_post).first()
    if done is not None:
        return done
    title, text, source_title = title.strip(), text.strip(), source_title.strip()
    _check_words(source, title, text, source_title)
    stands = _where(about, place)
    matter = matter or (subjects.subject_of(about).matter(about) if about is not None else None)
    _check_scope(branches, stands, matter)
    posts = _posts(branches, acting_post, lead, assisting, now=now)
    others = _others(branches, acting_post, everybody, set(posts), now=now)
    posts |= {unit.pk: post for unit, post in others}
    assisting = [*assisting, *(Asked(unit, lead.due_on) for unit, _post in others)]
    name, name_en = subjects.subject_of(about).name(about) if about is not None else ("", "")
    site = subjects.subject_of(about).site(about) if about is not None else None
    unit = acting_post.unit
    assert unit is not None  # noqa: S101 (acting_places asks for one)
    with transaction.atomic():
        number = take_number(kind=NUMBERED_AS, unit=unit, on=clock.local_date(now))
        # Who sent the same form at the same moment has waited for the number until here.
        done = Instruction.objects.filter(token=token, giver_post=acting_post).first()
        if done is not None:
            transaction.set_rollback(True)
            return done
        row = Instruction(
            number=number.text,
            token=token,
            source=source,
            source_title=source_title if source == Source.DOCUMENT else "",
            source_number=source_number.strip() if source == Source.DOCUMENT else "",
            title=title,
            text=text,
            giver_post=acting_post,
            given_by=actor,
            given_at=now,
            lead_unit=lead.unit,
            subject_type=ContentType.objects.get_for_model(about) if about is not None else None,
            subject_id=about.pk if about is not None else None,
            about_name=name[:200],
            about_name_en=name_en[:200],
            site=site,
            matter=matter,
            **stands,
        )
        units = [lead.unit, *(each.unit for each in assisting)]
        row.be_found_by(
            row.number,
            title,
            row.source_title,
            name,
            site.enterprise.name if site is not None else "",
            *(each.name for each in units),
        )
        row.save(force_insert=True)
        asked = [(lead, Role.LEAD), *((each, Role.ASSIST) for each in assisting)]
        for each, role in asked:
            assert each.due_on is not None  # noqa: S101 (checked)
            task = InstructionTask.objects.create(
                instruction=row,
                role=role,
                unit=each.unit,
                post=posts[each.unit.pk],
                due_on=each.due_on,
                original_due_on=each.due_on,
            )
            replies.owe_reply(task, now=now)
        ReplyStep.objects.create(
            instruction=row, action="give", at=now, actor=actor, acting_post=acting_post, note=text
        )
        _sum_up(row)
        row.save()
        data = {
            "number": row.number,
            "source": source,
            "about": f"{about._meta.label_lower}:{about.pk}" if about is not None else None,
            "units": [[each.unit.pk, role, each.due_on] for each, role in asked],
        }
        record(row, "instruction.give", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def _check_words(source: str, title: str, text: str, source_title: str) -> None:
    missing = {}
    if source not in Source.values:
        missing["source"] = _("Say where it comes from.")
    if not title:
        missing["title"] = _("Say it in a few words.")
    elif len(title) > TITLE_LENGTH:
        missing["title"] = _("%(n)s characters at most.") % {"n": TITLE_LENGTH}
    if not text:
        missing["text"] = _("Say what is asked for.")
    if source == Source.DOCUMENT and not source_title:
        missing["source_title"] = _("Name the document.")
    if missing:
        raise Invalid(missing)


def _where(about: models.Model | None, place: District | None) -> dict[str, int | None]:
    """Return the place columns: of the row that it is about, else of the place that was named."""
    if about is not None:
        return {f"{level}_id": getattr(about, f"{level}_id", None) for level in LEVELS}
    return columns(place)


def _check_scope(branches: Sequence[Branch], stands: dict[str, int | None], matter: Matter | None) -> None:
    """Raise Invalid for a place or a matter in which the post does not act."""
    is_placed = any(stands.values())
    near = [
        branch
        for branch in branches
        if branch.city or not is_placed or stands.get(f"{branch.level}_id") == branch.place_id
    ]
    if not near:
        raise Invalid({"place": _("This place is outside the scope in which you act.")})
    if all(branch.matter_id is not None for branch in near) and not any(
        matter is not None and matter.pk in branch.matter_ids for branch in near
    ):
        raise Invalid({"matter": _("Choose a matter of the scope in which you act.")})


def _posts(
    branches: Sequence[Branch],
    giver: Post,
    lead: Asked,
    assisting: Sequence[Asked],
    *,
    now: dt.datetime,
) -> dict[int, Post]:
    """Return who answers for each unit; raise Invalid naming every field that is wrong."""
    named = [("lead", lead), *((f"assist_{n}", each) for n, each in enumerate(assisting, start=1))]
    wrong: dict[str, str] = {}
    units = {each.unit.pk: each.unit for _field, each in named}
    inside = set(units_below(branches).filter(pk__in=units).values_list("pk", flat=True))
    posts = answering_posts(units.values(), on=clock.local_date(now))
    before: set[int] = set()
    for field, each in named:
        try:
            replies.check_day(each.due_on, now=now, field=f"{field}_due_on")
        except Invalid as refusal:
            wrong |= {name: sentences[0] for name, sentences in refusal.message_dict.items()}
        post = posts.get(each.unit.pk)
        if each.unit.pk not in inside:
            wrong[field] = _("This body is outside the scope in which you act.")
        elif each.unit.pk == lead.unit.pk and field != "lead":
            wrong[field] = _("It leads already; it cannot assist itself.")
        elif each.unit.pk in before:
            wrong[field] = _("This body is named twice.")
        elif post is None or post.pk == giver.pk:
            wrong[field] = _("Nobody but you could answer for this body: fill its head's post first.")
        before.add(each.unit.pk)
    if wrong:
        raise Invalid(wrong)
    return posts


def _others(
    branches: Sequence[Branch], giver: Post, everybody: Iterable[Unit], named: set[int], *, now: dt.datetime
) -> list[tuple[Unit, Post]]:
    """Return those of `everybody` who are not named yet, each with the post that answers for it.

    Left out are the giver's own body and those in which nobody answers; raise NotAllowed for one outside
    of the scope.
    """
    units = {each.pk: each for each in everybody if each.pk not in named and each.pk != giver.unit_id}
    if not units:
        return []
    if units_below(branches).filter(pk__in=units).count() < len(units):
        raise NotAllowed
    posts = answering_posts(units.values(), on=clock.local_date(now))
    return [(units[pk], posts[pk]) for pk in units if pk in posts and posts[pk].pk != giver.pk]


def _sum_up(row: Instruction) -> None:
    """Set what the instruction knows of its units' parts. It is not saved. One query."""
    tasks = list(InstructionTask.objects.filter(instruction=row))
    asked = [task for task in tasks if task.state != ReplyState.WITHDRAWN]
    row.asked = len(asked)
    row.answered = sum(task.has_answered for task in asked)
    row.to_accept = sum(task.state == ReplyState.ANSWERED for task in tasks) if row.is_open else 0
    awaited = [task.due_on for task in tasks if task.state == ReplyState.OPEN and row.is_open]
    row.awaited_on = min(awaited, default=NO_DAY)


def act(
    *,
    task: InstructionTask,
    action: str,
    note: str = "",
    due_on: dt.date | None = None,
    version: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> InstructionTask:
    """Apply one action to a unit's part and return it; see `responsibility.replies.services.act`."""

    def lock(task: InstructionTask) -> InstructionTask:
        whole = _take(task.instruction_id, actor)
        rows = InstructionTask.objects.select_for_update(of=("self",)).select_related("unit", "post")
        row = rows.get(pk=task.pk)
        row.instruction = whole
        return row

    def after(task: InstructionTask) -> None:
        whole = task.instruction
        _sum_up(whole)
        whole.save(update_fields=["asked", "answered", "to_accept", "awaited_on"])
        _owe_summary(whole, now=now)

    return replies.act(
        reply=task,
        action=action,
        note=note,
        due_on=due_on,
        version=version,
        actor=actor,
        acting_post=acting_post,
        now=now,
        lock=lock,
        after=after,
    )


def _take(pk: int, actor: Any) -> Instruction:
    """Lock the whole, always before its parts: whoever closes it and whoever answers wait for each other."""
    rows = Instruction.objects.visible_to(actor).select_for_update(of=("self",)).select_related("giver_post")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotAllowed
    return row


def _owe_summary(row: Instruction, *, now: dt.datetime) -> None:
    """Let the lead owe the summary once every answer is there; no longer, when one was sent back."""
    if not lifecycle.is_complete(row):
        close_obligations(subject=row, kinds=[Owed.SUMMARY], outcome=Outcome.SUPERSEDED, now=now)
        return
    policy, due_at = deadline(Owed.SUMMARY, now=now)
    lead = row.tasks.select_related("post").get(role=Role.LEAD)
    open_obligation(
        kind=Owed.SUMMARY,
        subject=row,
        site=None,
        due_at=due_at,
        policy=policy,
        debtor_post=lead.post,
        creditor_post=row.giver_post,
        params={"pk": row.pk, "title": row.title},
        now=now,
    )


def end(
    *,
    instruction: Instruction,
    action: str,
    note: str,
    version: int,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Instruction:
    """Close an instruction with its summary, or withdraw it with a reason: `action` is "close" or "withdraw".

    Nothing is owed about it afterwards. Raise NotAllowed for whoever may not, Refused while an answer is
    missing, Invalid without a note, Stale when it has moved on since `version`.
    """
    with transaction.atomic():
        row = _take(instruction.pk, actor)
        if row.version != version:
            raise Stale(_("It has moved on since you opened it. Look at it again; nothing was changed."))
        move = lifecycle.MACHINE.check(row, action, _("This is not possible now."))
        context = actor_for(actor, acting_post)
        if not lifecycle.MACHINE.may(move, row, context):
            raise NotAllowed(str(lifecycle.MACHINE.words[move.who[0]]))
        if obstacle := lifecycle.MACHINE.obstacle(move, row, context):
            raise Refused(_("This is not possible yet: %(why)s.") % {"why": obstacle})
        assert acting_post is not None  # noqa: S101 (nobody may without a post)
        note = note.strip()[:NOTE_LENGTH]
        if not note:
            raise Invalid({"note": _("Say it in a few words.")})
        outcome = Outcome.MET if action == "close" else Outcome.CANCELLED
        close_obligations(subject=row, kinds=[Owed.SUMMARY], outcome=outcome, now=now)
        for task in InstructionTask.objects.select_for_update(of=("self",)).filter(instruction=row):
            replies.drop(task, now=now)
            if action == "withdraw" and task.state in (ReplyState.OPEN, ReplyState.ANSWERED):
                task.state, task.version = ReplyState.WITHDRAWN, task.version + 1
                task.save(update_fields=["state", "version"])
        row.state, row.version, row.closed_at = move.target or row.state, version + 1, now
        if row.state == State.CLOSED:
            row.summary = note
        _sum_up(row)
        row.save()
        ReplyStep.objects.create(
            instruction=row, action=action, at=now, actor=actor, acting_post=acting_post, note=note
        )
        record(row, f"instruction.{action}", actor=actor, acting_post=acting_post, now=now, data={})
    return row
