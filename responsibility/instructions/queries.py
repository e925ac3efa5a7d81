"""Who may give an instruction to whom, and what the page of one shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.replies.lifecycle import MACHINE, Actor
from responsibility.replies.models import ReplyStep
from responsibility.replies.wording import DONE
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders, scope_of
from safegrid.grid.models import District, Unit
from safegrid.kernel import clock
from safegrid.kernel.machine import Offer
from safegrid.kernel.scope import Branch

GIVERS = (PostKind.HEAD, PostKind.OFFICE)


def gives(post: Post) -> bool:
    """Whether `post` is one that gives instructions, where it acts at all. No query."""
    return post.kind in GIVERS and post.unit_id is not None


def acting_places(post: Post | None) -> list[Branch]:
    """Return the places in which `post` may give instructions: those in which a head or the office acts."""
    if post is None or not gives(post):
        return []
    return [each for each in scope_of(post).of(acting=True).branches if each.city or each.level]


def may_instruct(post: Post | None) -> bool:
    """Whether `post` may give instructions to anybody."""
    return bool(acting_places(post))


def units_below(branches: Sequence[Branch]) -> QuerySet[Unit]:
    """Return the bodies that stand in the places of `branches`, in the order of the tree. One query more."""
    units = Unit.objects.existing().select_related("district").order_by("district__path", "pk")
    if any(branch.city for branch in branches):
        return units.defer("district__boundary")
    roots = District.objects.filter(pk__in={branch.place_id for branch in branches}).values_list(
        "path", flat=True
    )
    wanted = Q(pk__in=[])
    for path in roots:
        wanted |= Q(district__path__startswith=path)
    return units.filter(wanted).defer("district__boundary")


@dataclass(frozen=True)
class Part:
    """One unit's part as the page shows it."""

    task: InstructionTask
    holder: User | None
    over: int | None
    is_overdue: bool
    mine: list[Offer]
    others: list[Offer]


def parts(instruction: Instruction, actor: Actor, *, now: dt.datetime) -> list[Part]:
    """Return the parts of `instruction`, who leads first, each with its buttons. Two queries."""
    tasks = list(instruction.tasks.all())
    manned = holders({task.post_id for task in tasks}, on=clock.local_date(now))
    found = []
    for task in tasks:
        task.instruction = instruction
        offers = MACHINE.offers(task, actor)
        found.append(
            Part(
                task,
                manned.get(task.post_id),
                task.days_over(now) if instruction.is_open else None,
                instruction.is_open and task.is_overdue(now),
                [offer for offer in offers if offer.allowed],
                [offer for offer in offers if not offer.allowed],
            )
        )
    return found


@dataclass(frozen=True)
class Event:
    """A step as the timeline shows it."""

    step: ReplyStep
    what: Any


def timeline(steps: QuerySet[ReplyStep]) -> list[Event]:
    """Return what has happened, the first on top. One query."""
    return [
        Event(step, DONE[step.action])
        for step in steps.select_related("actor", "acting_post", "task__unit").order_by("pk")
    ]
