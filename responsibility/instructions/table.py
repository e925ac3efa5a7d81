"""The office's table of instructions (交办督办表, table 9): exactly the rows that a list shows its reader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from responsibility.instructions.choices import Role, Source, State
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.replies.choices import ReplyState
from safegrid.kernel import clock
from safegrid.kernel.listing.selection import Selection
from safegrid.kernel.office_tables import Head, OfficeTable, Value
from safegrid.kernel.punctuation import colon, comma


def office_table(selection: Selection) -> OfficeTable:
    """Return the table of what `selection` shows, as it is handed up."""
    return OfficeTable(
        name=_("Instructions"),
        title=_("Instructions and how far they are"),
        note=_("As of %(day)s") % {"day": clock.local_date(selection.now).isoformat()},
        heads=(
            Head(_("Number"), 24),
            Head(_("Where it comes from"), 28),
            Head(_("What it is about"), 44),
            Head(pgettext("table", "Leads"), 22, _("Who is asked")),
            Head(pgettext("table", "Assists"), 26, _("Who is asked")),
            Head(_("Reply by"), 13),
            Head(_("Progress"), 40),
            Head(pgettext("units", "Answered"), 40),
            Head(_("State"), 12),
        ),
        rows=_rows(selection),
    )


def _rows(selection: Selection) -> Iterator[tuple[Value, ...]]:
    """Yield a line for each instruction. Two queries for each batch, however many are in it."""
    for batch in selection.batches():
        rows = Instruction.objects.select_related("giver_post").in_bulk(list(batch["id"]))
        parts: dict[int, list[InstructionTask]] = defaultdict(list)
        for task in InstructionTask.objects.filter(instruction__in=rows).select_related("unit"):
            parts[task.instruction_id].append(task)
        for pk in batch["id"]:
            yield _line(rows[pk], parts[pk])


def _line(row: Instruction, tasks: list[InstructionTask]) -> tuple[Value, ...]:
    lead = next(task for task in tasks if task.role == Role.LEAD)
    standing = [task for task in tasks if task.state != ReplyState.WITHDRAWN]
    return (
        row.number,
        _source(row),
        row.title if not row.about_label else f"{row.title}\n{row.about_label}",
        lead.unit.label,
        "\n".join(
            f"{task.unit.label}{comma()}{task.due_on.isoformat()}"
            for task in standing
            if task.role == Role.ASSIST
        ),
        lead.due_on,
        "\n".join(f"{task.unit.label}{colon()}{task.progress}" for task in standing if task.progress),
        "\n".join(
            f"{task.unit.label}{colon()}{task.answer}"
            for task in standing
            if task.has_answered and task.answer
        ),
        str(State(row.state).label),
    )


def _source(row: Instruction) -> str:
    if row.source == Source.DOCUMENT:
        return f"{row.source_title} {row.source_number}".strip()
    return f"{Source.NOTE.label}{comma()}{row.giver_post.label}"
