"""Self-inspections: opened by their rhythm, saved as a draft, filed once.

What an enterprise finds itself is its own rectification, not an order and no ground for a penalty
(自查自改). Filing is safe to repeat: the same receipt comes back.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hazards import services as hazards
from hazards.choices import Road, Source
from hazards.numbers import next_number
from inspections.checklists import applicable
from inspections.choices import Result, SelfInspectionState, Way
from inspections.models import Answer, Checklist, ChecklistItem, SelfInspection
from responsibility.obligations.choices import Outcome, Rhythm
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.models import Duty
from responsibility.obligations.services import close_obligations, open_obligation
from safegrid.accounts.models import Post, User
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import Evidence, StoredFile
from safegrid.files.services import attach
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

KIND = "self_inspection"
RECEIPT_PREFIX = "ZC"
MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}


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


def period_of(day: dt.date, rhythm: str) -> tuple[str, dt.date, dt.date]:
    """Return (name, first day, first day of the next one) of the period in which `day` lies."""
    length = MONTHS[Rhythm(rhythm)]
    first = dt.date(day.year, (day.month - 1) // length * length + 1, 1)
    year, month = divmod(first.month - 1 + length, 12)
    name = f"{first:%Y-%m}" if length == 1 else f"{first.year}-Q{(first.month + 2) // 3}"
    return (f"{first.year}" if length == 12 else name), first, dt.date(first.year + year, month + 1, 1)


def open_period(*, duty: Duty, now: dt.datetime) -> SelfInspection:
    """Open the self-inspection of the period that `now` lies in, and lapse what was left of the last.

    Called by the sweep for a duty whose time has come; repeating it changes nothing.
    """
    site = duty.site
    if site is None:
        raise Refused("a self-inspection needs a site")
    name, _first, following = period_of(clock.local_date(now), duty.rhythm)
    with transaction.atomic():
        checklist = Checklist.objects.get(code=duty.params["checklist"])
        for left in SelfInspection.objects.select_for_update().filter(
            site=site, checklist=checklist, state__in=(SelfInspectionState.DUE, SelfInspectionState.DRAFT)
        ):
            if left.period != name:
                _lapse(left, now=now)
        row, created = SelfInspection.objects.get_or_create(
            site=site,
            checklist=checklist,
            period=name,
            defaults={
                "enterprise_id": site.enterprise_id,
                "opened_at": now,
                "due_at": clock.day_start(following),
                **site.place_ids,
            },
        )
        if created:
            open_obligation(
                kind=KIND,
                subject=row,
                site=site,
                debtor_enterprise=site.enterprise,
                due_at=row.due_at,
                duty=duty,
                params={"pk": row.pk, "period": name, "site": site.name},
                now=now,
            )
        duty.next_opens_at = clock.day_start(following)
        duty.save(update_fields=["next_opens_at"])
    return row


def _lapse(row: SelfInspection, *, now: dt.datetime) -> None:
    row.state = SelfInspectionState.LAPSED
    row.save(update_fields=["state"])
    close_obligations(subject=row, kinds=[KIND], outcome=Outcome.LAPSED, now=now)
    record(row, "self_inspection.lapse", actor=None, acting_post=None, now=now)


def last_time(row: SelfInspection) -> dict[int, str]:
    """Return the results of the last filed self-inspection of this site, by item; nothing that was wrong."""
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
    results = before.answers.exclude(result=Result.NOT_OK).values_list("item", "result")
    return dict(results)


def save_draft(
    *,
    inspection: SelfInspection,
    answers: Mapping[int, Given],
    version: int,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> SelfInspection:
    """Keep what has been answered so far; half an answer is kept too. Raise Stale if another was faster."""
    with transaction.atomic():
        row = _take(inspection, actor=actor, acting_post=acting_post)
        if row.state == SelfInspectionState.FILED:
            raise Refused(_("This self-inspection has been filed."))
        if row.version != version:
            raise Stale(_("Somebody else saved this self-inspection meanwhile. Look at it again."))
        _write(row, answers, actor=actor, now=now)
        row.state, row.saved_at, row.version = SelfInspectionState.DRAFT, now, version + 1
        row.save(update_fields=["state", "saved_at", "version"])
    return row


def file(
    *,
    inspection: SelfInspection,
    answers: Mapping[int, Given],
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> SelfInspection:
    """File a self-inspection and return it with its receipt; filed again, the same receipt comes back.

    Every item that applies needs an answer; what is not OK needs words and a way: fixed on the spot
    with a photo before and one after, or a date of the enterprise's own. Each becomes a hazard of the
    enterprise. Raise Invalid with one message for each item, under its id.
    """
    with transaction.atomic():
        row = _take(inspection, actor=actor, acting_post=acting_post)
        if row.state == SelfInspectionState.FILED:
            return row
        if row.state == SelfInspectionState.LAPSED:
            raise Refused(_("The period is over; the next self-inspection is open."))
        _write(row, answers, actor=actor, now=now)
        items = list(applicable(row.checklist, row.site).select_related("matter"))
        given = _stored(row)
        missing = _missing(items, given)
        if missing:
            raise Invalid(missing)
        found = 0
        for item in items:
            if given[item.pk].result == Result.NOT_OK:
                _register(row, item, given[item.pk], actor=actor, acting_post=acting_post, now=now)
                found += 1
        row.state, row.filed_at, row.filed_by, row.filed_post = (
            SelfInspectionState.FILED,
            now,
            actor,
            acting_post,
        )
        row.receipt = next_number(RECEIPT_PREFIX, clock.local_date(now).year)
        row.answer_count, row.found_count = len(items), found
        row.photo_count = sum(len(g.before) + len(g.after) for g in given.values())
        row.version += 1
        row.save()
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        record(
            row,
            "self_inspection.file",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"receipt": row.receipt, "answers": row.answer_count, "found": found},
        )
    return row


def _take(inspection: SelfInspection, *, actor: User, acting_post: Post) -> SelfInspection:
    """Lock the row, within the actor's scope."""
    if acting_post is None or acting_post.enterprise_id != inspection.enterprise_id:
        raise NotAllowed
    reachable = SelfInspection.objects.editable_by(actor, acting_post)
    return (
        reachable.select_for_update(of=("self",))
        .select_related("site__enterprise", "checklist")
        .get(pk=inspection.pk)
    )


def _write(row: SelfInspection, answers: Mapping[int, Given], *, actor: User, now: dt.datetime) -> None:
    """Write answers and their photos, replacing what was there for these items. A few queries in all."""
    allowed = set(applicable(row.checklist, row.site).values_list("pk", flat=True))
    kept = {i: g for i, g in answers.items() if i in allowed and g.result in Result.values}
    Answer.objects.bulk_create(
        (_answer(row, item, given) for item, given in sorted(kept.items())),
        update_conflicts=True,
        unique_fields=["inspection", "item"],
        update_fields=["result", "note", "way", "plan", "plan_due_on"],
    )
    shown = {i: g for i, g in kept.items() if g.result == Result.NOT_OK and (g.before or g.after)}
    for answer in row.answers.filter(item__in=shown):
        given = shown[answer.item_id]
        attach(files=given.before, subject=answer, role=Role.BEFORE, actor=actor, now=now)
        attach(files=given.after, subject=answer, role=Role.AFTER, actor=actor, now=now)


def _answer(row: SelfInspection, item: int, given: Given) -> Answer:
    """Return the answer as it is stored: words and a way only where something is wrong."""
    answer = Answer(inspection=row, item_id=item, result=given.result)
    if given.result == Result.NOT_OK:
        answer.note, answer.plan, answer.plan_due_on = given.note[:300], given.plan[:300], given.plan_due_on
        answer.way = given.way if given.way in Way.values else ""
    return answer


def photos(answers: Sequence[Answer]) -> dict[int, dict[str, list[StoredFile]]]:
    """Return the photos of each answer, by its id and the role they play. One query."""
    found: dict[int, dict[str, list[StoredFile]]] = {a.pk: {Role.BEFORE: [], Role.AFTER: []} for a in answers}
    rows = Evidence.objects.filter(subject_type__model="answer", subject_id__in=found)
    for row in rows.select_related("file").order_by("pk"):
        found[row.subject_id].setdefault(row.role, []).append(row.file)
    return found


def _stored(row: SelfInspection) -> dict[int, Given]:
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


def _missing(items: Sequence[ChecklistItem], given: Mapping[int, Given]) -> dict[str, str]:
    """Return what still lacks, one sentence for each item."""
    found: dict[str, str] = {}
    for item in items:
        answer = given.get(item.pk)
        if answer is None:
            found[str(item.pk)] = _("Not answered yet.")
        elif answer.result == Result.NOT_OK:
            if not answer.note.strip():
                found[str(item.pk)] = _("Say what is wrong.")
            elif answer.way == Way.SPOT and not (answer.before and answer.after):
                found[str(item.pk)] = _("Add a photo before and one after.")
            elif answer.way == Way.PLAN and answer.plan_due_on is None:
                found[str(item.pk)] = _("Say by when it will be fixed.")
            elif answer.way not in Way.values:
                found[str(item.pk)] = _("Fixed on the spot, or by a date?")
    return found


def _register(
    row: SelfInspection,
    item: ChecklistItem,
    given: Given,
    *,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> None:
    """Make a hazard of what was found; a message about it stays with its item."""
    try:
        hazard = hazards.report(
            site=row.site,
            matter=item.matter,
            title=given.note,
            road=Road.SELF,
            source=Source.SELF_INSPECTION,
            category=item.category,
            item_code=item.code,
            description=item.text,
            measures=given.plan,
            photos=given.before,
            after=given.after if given.way == Way.SPOT else (),
            fixed=given.way == Way.SPOT,
            plan_due_on=given.plan_due_on,
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
    except Invalid as refusal:
        raise Invalid({str(item.pk): " ".join(refusal.messages)}) from refusal
    Answer.objects.filter(inspection=row, item=item).update(hazard=hazard)


def _url(params: dict[str, Any]) -> str:
    return reverse("inspections:self_fill", args=[params["pk"]])


kinds.plug(
    KIND,
    Kind(
        KIND,
        gettext_lazy("Self-inspection %(period)s: %(site)s"),
        gettext_lazy("Fill in"),
        _url,
        gettext_lazy("Self-inspection"),
        open_period,
    ),
)
