"""Self-inspections: saved as a draft, filed once.

What an enterprise finds itself is its own rectification, not an order and no ground for a penalty
(自查自改). Filing is safe to repeat: the same receipt comes back.
"""

import datetime as dt
from collections.abc import Mapping
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
from inspections.models import Answer, ChecklistItem, SelfInspection
from inspections.services.answers import Given, missing, stored, write
from inspections.services.periods import KIND, lapse_many, open_period
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.services import close_obligations
from safegrid.accounts.models import Post, User
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

__all__ = ["KIND", "Given", "file", "open_period", "save_draft"]

RECEIPT_PREFIX = "ZC"


def save_draft(
    *,
    inspection: SelfInspection,
    answers: Mapping[int, Given],
    version: int,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> SelfInspection:
    """Keep what has been answered so far; half an answer is kept too. Raise Stale if another was faster."""
    with transaction.atomic():
        row = _take(inspection, actor=actor, acting_post=acting_post)
        if row.state == SelfInspectionState.FILED:
            raise Refused(_("This self-inspection has been filed."))
        if row.state == SelfInspectionState.LAPSED:
            raise Refused(_("The period is over; the next self-inspection is open."))
        _same_version(row, version)
        write(row, answers, actor=actor, now=now)
        row.state, row.saved_at, row.saved_by = SelfInspectionState.DRAFT, now, actor
        row.version = version + 1
        row.save(update_fields=["state", "saved_at", "saved_by", "version"])
    return row


def file(
    *,
    inspection: SelfInspection,
    answers: Mapping[int, Given],
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
    version: int | None = None,
) -> SelfInspection:
    """File a self-inspection and return it with its receipt; filed again, the same receipt comes back.

    Every item that applies needs an answer; what is not OK needs words and a way: fixed on the spot
    with a photo before and one after, or a date of the enterprise's own. Each becomes a hazard of the
    enterprise. Raise Invalid with one message for each item, under its id; Stale when a `version` is
    given and somebody has saved since.
    """
    with transaction.atomic():
        row = _take(inspection, actor=actor, acting_post=acting_post)
        if row.state == SelfInspectionState.FILED:
            return row
        if row.state == SelfInspectionState.LAPSED:
            raise Refused(_("The period is over; the next self-inspection is open."))
        if version is not None:
            _same_version(row, version)
        write(row, answers, actor=actor, now=now)
        items = list(applicable(row.checklist, row.site).select_related("matter"))
        given = stored(row)
        if lacks := missing(items, given, now=now):
            raise Invalid({str(pk): sentence for pk, sentence in lacks.items()})
        wrong = [item for item in items if given[item.pk].result == Result.NOT_OK]
        for item in wrong:
            _register(row, item, given[item.pk], actor=actor, acting_post=acting_post, now=now)
        row.state, row.filed_at = SelfInspectionState.FILED, now
        row.filed_by, row.filed_post = actor, acting_post
        row.receipt = next_number(RECEIPT_PREFIX, clock.local_date(now).year)
        row.answer_count, row.found_count = len(items), len(wrong)
        row.photo_count = sum(len(given[item.pk].photos) for item in wrong)
        row.version += 1
        row.save()
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        record(
            row,
            "self_inspection.file",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"receipt": row.receipt, "answers": row.answer_count, "found": row.found_count},
        )
    return row


def _take(inspection: SelfInspection, *, actor: User, acting_post: Post | None) -> SelfInspection:
    """Lock the row and return it, within the actor's scope."""
    if acting_post is None or acting_post.enterprise_id != inspection.enterprise_id:
        raise NotAllowed
    row = (
        SelfInspection.objects.editable_by(actor, acting_post)
        .select_for_update(of=("self",))
        .select_related("site__enterprise", "checklist")
        .filter(pk=inspection.pk)
        .first()
    )
    if row is None:
        raise NotAllowed
    return row


def _same_version(row: SelfInspection, version: int) -> None:
    if row.version != version:
        raise Stale(_("Somebody else saved this self-inspection meanwhile. Look at it again."))


def _register(
    row: SelfInspection,
    item: ChecklistItem,
    given: Given,
    *,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> None:
    """Make a hazard of what was found; a message about it stays with its item."""
    assert acting_post is not None  # noqa: S101 (checked when the row was taken)
    is_fixed = given.way == Way.SPOT
    try:
        hazard = hazards.report(
            site=row.site,
            matter=item.matter,
            title=given.note,
            road=Road.SELF,
            source=Source.SELF_INSPECTION,
            category=item.category_id,
            item_code=item.code,
            description=item.text,
            measures="" if is_fixed else given.plan,
            photos=given.before,
            after=given.after if is_fixed else (),
            fixed=is_fixed,
            plan_due_on=None if is_fixed else given.plan_due_on,
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
        lapse=lapse_many,
    ),
)
