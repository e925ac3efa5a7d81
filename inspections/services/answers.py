"""The answers of a self-inspection: writing them, reading them, and what they still lack."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from hazards import deadlines
from inspections.checklists import applicable
from inspections.choices import Result, SelfInspectionState, Way
from inspections.models import Answer, ChecklistItem, SelfInspection
from safegrid.accounts.models import User
from safegrid.files.choices import FileState, Role
from safegrid.files.models import Evidence, StoredFile
from safegrid.files.services import arrange
from safegrid.kernel.refusals import Invalid

WORDS = 300  # characters that a note or a plan may have


@dataclass(frozen=True)
class Given:
    """What somebody answered to one item."""

    result: str
    note: str = ""
    way: str = ""
    plan: str = ""
    plan_due_on: dt.date | None = None
    before: Sequence[StoredFile] = ()
    after: Sequence[StoredFile] = ()

    @property
    def photos(self) -> list[StoredFile]:
        """The photos that count: only where something is wrong, and after only when it is fixed."""
        if self.result != Result.NOT_OK:
            return []
        return [*self.before, *(self.after if self.way == Way.SPOT else ())]


def write(row: SelfInspection, answers: Mapping[int, Given], *, actor: User, now: dt.datetime) -> None:
    """Write answers and their photos, replacing what was there for these items. A few queries in all.

    Half an answer is kept too; an item that does not apply is left out.
    """
    allowed = set(applicable(row.checklist, row.site).values_list("pk", flat=True))
    kept = {i: g for i, g in sorted(answers.items()) if i in allowed and g.result in Result.values}
    Answer.objects.bulk_create(
        (_answer(row, item, given) for item, given in kept.items()),
        update_conflicts=True,
        unique_fields=["inspection", "item"],
        update_fields=["result", "note", "way", "plan", "plan_due_on"],
    )
    shown = {}
    for answer in row.answers.filter(item__in=kept):
        given, wrong = kept[answer.item_id], answer.result == Result.NOT_OK
        shown[answer.pk, str(Role.BEFORE)] = given.before if wrong else ()
        shown[answer.pk, str(Role.AFTER)] = given.after if wrong else ()
    arrange(model=Answer, shown=shown, actor=actor, now=now)


def _answer(row: SelfInspection, item: int, given: Given) -> Answer:
    """Return the answer as it is stored: words and a way only where something is wrong."""
    answer = Answer(inspection=row, item_id=item, result=given.result)
    if given.result == Result.NOT_OK:
        answer.note, answer.plan = given.note[:WORDS], given.plan[:WORDS]
        answer.way = given.way if given.way in Way.values else ""
        answer.plan_due_on = given.plan_due_on
    return answer


def photos(answers: Iterable[Answer]) -> dict[int, dict[str, list[StoredFile]]]:
    """Return the photos of each answer, by its id and the role they play. One query."""
    found: dict[int, dict[str, list[StoredFile]]] = {a.pk: {Role.BEFORE: [], Role.AFTER: []} for a in answers}
    rows = Evidence.objects.filter(
        subject_type=ContentType.objects.get_for_model(Answer), subject_id__in=found
    )
    for row in rows.select_related("file").order_by("pk"):
        found[row.subject_id].setdefault(row.role, []).append(row.file)
    return found


def stored(row: SelfInspection) -> dict[int, Given]:
    """Return what has been answered so far, by item. Two queries."""
    answers = list(row.answers.all())
    shown = photos(answers)
    return {
        a.item_id: Given(
            a.result,
            a.note,
            a.way,
            a.plan,
            a.plan_due_on,
            shown[a.pk][Role.BEFORE],
            shown[a.pk][Role.AFTER],
        )
        for a in answers
    }


def last_time(row: SelfInspection) -> dict[int, str]:
    """Return what was OK or n/a in the last filed self-inspection of this site, by item.

    Nothing that was wrong: that must be looked at again.
    """
    before = (
        SelfInspection.objects.filter(
            site=row.site_id, checklist=row.checklist_id, state=SelfInspectionState.FILED
        )
        .exclude(pk=row.pk)
        .order_by("-filed_at")
        .first()
    )
    if before is None:
        return {}
    return dict(before.answers.exclude(result=Result.NOT_OK).values_list("item", "result"))


def missing(
    items: Iterable[ChecklistItem], given: Mapping[int, Given], *, now: dt.datetime
) -> dict[int, str]:
    """Return what still lacks before it can be filed: one sentence for each item, by its id."""
    has_plan = any(answer.way == Way.PLAN for answer in given.values())
    limit = deadlines.own_limit(now=now) if has_plan else None
    found = {item.pk: _lack(given.get(item.pk), limit=limit, now=now) for item in items}
    return {pk: sentence for pk, sentence in found.items() if sentence}


def _lack(answer: Given | None, *, limit: dt.date | None, now: dt.datetime) -> str:
    if answer is None:
        return _("Not answered yet.")
    if answer.result != Result.NOT_OK:
        return ""
    if not answer.note.strip():
        return _("Say what is wrong.")
    if answer.way not in Way.values:
        return _("Fixed on the spot, or by a date?")
    if any(photo.state == FileState.UNREADABLE for photo in answer.photos):
        return _("A photo could not be read. Take it away and add another.")
    if answer.way == Way.SPOT:
        if not (answer.before and answer.after):
            return _("Add a photo before and one after.")
        if {photo.sha256 for photo in answer.before} & {photo.sha256 for photo in answer.after}:
            return _("Before and after are the same photo.")
        return ""
    if not answer.plan.strip():
        return _("Say what you will do.")
    try:
        deadlines.own_day(answer.plan_due_on, field="plan_due_on", now=now, limit=limit)
    except Invalid as refusal:
        return " ".join(refusal.messages)
    return ""
