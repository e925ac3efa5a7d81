"""The lifecycle of the whole instruction; each unit's part has that of `responsibility.replies.lifecycle`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from responsibility.instructions.choices import Role, State
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.replies.choices import ReplyState
from responsibility.replies.lifecycle import Actor, answers, asked
from safegrid.kernel.machine import Machine, Move


def _tasks(instruction: Instruction) -> list[InstructionTask]:
    return list(instruction.tasks.all())  # prefetched on its page


def leads(instruction: Instruction, actor: Actor) -> bool:
    """The unit that leads."""
    return any(task.role == Role.LEAD and answers(task, actor) for task in _tasks(instruction))


def is_complete(instruction: Instruction, actor: object = None) -> bool:
    """Whether the lead's answer is accepted and every assisting unit has answered or was let off."""
    return all(
        task.state == ReplyState.ACCEPTED if task.role == Role.LEAD else task.state != ReplyState.OPEN
        for task in _tasks(instruction)
    )


MACHINE = Machine(
    (
        Move(
            "close",
            (State.OPEN,),
            State.CLOSED,
            ("lead", "giver"),
            requires=("note",),
            needs=("complete",),
            label=_("Sum up and close"),
            tone="primary",
        ),
        Move(
            "withdraw",
            (State.OPEN,),
            State.WITHDRAWN,
            ("giver",),
            requires=("note",),
            label=_("Withdraw the instruction"),
            tone="danger",
        ),
    ),
    roles={
        "lead": leads,
        "giver": lambda instruction, actor: asked(instruction, actor),  # type: ignore[arg-type]
    },
    conditions={"complete": is_complete},
    words={
        "lead": _("the leading unit or whoever gave the instruction does this"),
        "giver": _("whoever gave the instruction does this"),
        "complete": _(
            "the lead's answer has to be accepted first, and every assisting unit has to have answered"
        ),
    },
)
