"""Taking a worker's report in, and answering it: with a plan, or with words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.choices import Road, Source
from hazards.entering.items import is_offered
from hazards.numbers import next_number
from hazards.reports import sealing
from hazards.reports.choices import Owed
from hazards.reports.codes import new_tracking
from hazards.reports.models import NO_DEADLINE
from hazards.reports.services import title_of
from hazards.reports.workers.models import WorkerReport, WorkerState
from hazards.wording import moved_on
from responsibility.calendars import services as calendar
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations, open_obligation
from safegrid.accounts.choices import ENTERPRISE_POSTS
from safegrid.accounts.models import Post, User
from safegrid.audit.models import Entry
from safegrid.audit.services import record, subject_key
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

NUMBER_PREFIX = "YG"


def receive(
    *,
    key: UUID,
    site: Site,
    what: str,
    where: str,
    name: str,
    photos: Sequence[StoredFile],
    now: dt.datetime,
) -> WorkerReport:
    """Take a worker's report in and return it; the same form (`key`) sent again gives the same one.

    The enterprise owes an answer. Nobody outside of it is told, however late it is.
    """
    if (known := WorkerReport.objects.filter(key=key).first()) is not None:
        return known
    try:
        with transaction.atomic():
            return _take_in(key, site, what, where, name, photos, now)
    except IntegrityError as error:
        known = WorkerReport.objects.filter(key=key).first()  # the doubled form, in the same moment
        if known is None:
            raise error
        return known


def _take_in(
    key: UUID, site: Site, what: str, where: str, name: str, photos: Sequence[StoredFile], now: dt.datetime
) -> WorkerReport:
    policy, due_at = calendar.deadline(Owed.WORKER, now=now)
    row = WorkerReport.objects.create(
        number=next_number(NUMBER_PREFIX, clock.local_date(now).year),
        tracking=new_tracking(),
        key=key,
        enterprise=site.enterprise,
        site=site,
        title=title_of(what),
        what=what.strip(),
        where=where.strip(),
        name=sealing.seal(name.strip()),
        received_at=now,
        due_on=clock.last_day(due_at),
    )
    attach(files=photos, subject=row, role=Role.BEFORE, actor=None, now=now, form_key=key)
    personal = {"what": row.what} | ({"name": name.strip()} if name.strip() else {})
    record(
        row,
        "worker.receive",
        actor=None,
        acting_post=None,
        now=now,
        data={"site": site.pk, "photos": [photo.sha256 for photo in photos]},
        personal=personal,
    )
    open_obligation(
        kind=Owed.WORKER,
        subject=row,
        site=None,
        is_shared=False,
        debtor_enterprise=site.enterprise,
        due_at=due_at,
        policy=policy,
        params={"number": row.number},  # whoever reads what is owed in the whole city learns no more
        now=now,
    )
    return row


@dataclass(frozen=True)
class Plan:
    """What the enterprise makes of it: a hazard of its own, with a day."""

    title: str
    matter: Matter
    category: str
    due_on: dt.date
    spot: str = ""
    item: str = ""  # code of the checklist's item that it is one of


def photos_of(report: WorkerReport) -> QuerySet[StoredFile]:
    """Return the photos that came with a report, in their order."""
    kind = ContentType.objects.get_for_model(WorkerReport)
    shown = StoredFile.objects.filter(evidence__subject_type=kind, evidence__subject_id=report.pk)
    return shown.order_by("uploaded_at", "pk")


def may_answer(report: WorkerReport, user: Any, post: Any) -> bool:
    """Whether somebody acting as `post` answers for the enterprise: its principal or its safety officer."""
    if post is None or post.kind not in ENTERPRISE_POSTS:
        return False
    return WorkerReport.objects.editable_by(user, post).filter(pk=report.pk).exists()


def answer(
    *,
    report: WorkerReport,
    feedback: str,
    plan: Plan | None,
    version: int,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> WorkerReport:
    """Answer the worker, with a `plan` by registering it as the enterprise's own hazard; return the report.

    Raise NotAllowed, Stale when it is answered already, Invalid by field.
    """
    if not may_answer(report, actor, acting_post):
        raise NotAllowed
    if not (feedback := feedback.strip()):
        raise Invalid({"feedback": _("Say what is done about it.")})
    with transaction.atomic():
        row = WorkerReport.objects.select_for_update(of=("self",)).select_related("site__enterprise")
        fresh = row.get(pk=report.pk)
        if fresh.version != version or not fresh.is_open:
            raise Stale(moved_on(fresh.number, *_last(fresh)))
        if plan is not None:
            if plan.item and not is_offered(plan.item, fresh.site, own=True):
                raise Invalid({"item": _("This item does not apply here.")})
            fresh.hazard = hazards.report(
                site=fresh.site,
                matter=plan.matter,
                title=plan.title,
                spot=plan.spot,
                road=Road.SELF,
                source=Source.WORKER,
                category=plan.category,
                item_code=plan.item,
                photos=list(photos_of(fresh)),
                plan_due_on=plan.due_on,
                actor=actor,
                acting_post=acting_post,  # type: ignore[arg-type]
                now=now,
            )
        fresh.feedback, fresh.closed_at, fresh.state = feedback, now, WorkerState.ANSWERED
        fresh.due_on, fresh.version = NO_DEADLINE, version + 1
        fresh.save()
        close_obligations(subject=fresh, kinds=[Owed.WORKER], outcome=Outcome.MET, now=now)
        record(
            fresh,
            "worker.answer",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"hazard": fresh.hazard.number if fresh.hazard else None, "version": fresh.version},
        )
    return fresh


def _last(report: WorkerReport) -> tuple[Any, ...]:
    """Return what was last done about a report, who did it, as which post and when."""
    entry = Entry.objects.filter(subject=subject_key(report), action="worker.answer")
    row = entry.select_related("actor", "acting_post").order_by("-sequence").first()
    return (report.get_state_display(), row.actor, row.acting_post, row.at) if row is not None else ()


def name_of(*, report: WorkerReport, actor: User, acting_post: Post | None, now: dt.datetime) -> str:
    """Return who reported it, "" for nobody; the ledger keeps who looked. Raise NotAllowed."""
    if not may_answer(report, actor, acting_post):
        raise NotAllowed
    if not report.name:
        return ""
    with transaction.atomic():
        record(report, "worker.look", actor=actor, acting_post=acting_post, now=now)
    return sealing.unseal(report.name) or _("No key opens it any more.")


def erase_name(
    *, report: WorkerReport, reason: str, actor: User, acting_post: Post | None, now: dt.datetime
) -> WorkerReport:
    """Erase who reported it, for a reason, and return the report; it cannot be brought back.

    Raise NotAllowed, Invalid beside `reason`, Refused where nothing is kept.
    """
    if not may_answer(report, actor, acting_post):
        raise NotAllowed
    if not (reason := reason.strip()):
        raise Invalid({"reason": _("Say why, in a few words.")})
    with transaction.atomic():
        if not WorkerReport.objects.filter(pk=report.pk).exclude(name="").update(name=""):
            raise Refused(_("Nothing is kept about who reported this."))
        data = {"reason": reason}
        record(report, "worker.erase", actor=actor, acting_post=acting_post, now=now, data=data)
    return report
