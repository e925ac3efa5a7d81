"""The one door through which a public report changes its state, and naming the site at which it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hazards import services as hazards
from hazards.actors import actor_for
from hazards.choices import Road, Source
from hazards.entering.items import is_offered
from hazards.grading import categories
from hazards.models import Hazard
from hazards.queries import deciding_post
from hazards.reports import owing
from hazards.reports.choices import OPEN, Finding
from hazards.reports.lifecycle import MACHINE
from hazards.reports.models import Report
from hazards.reports.page import last_change
from hazards.wording import moved_on
from safegrid.accounts.models import Post, User
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.models import StoredFile
from safegrid.grid.models import Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale


@dataclass(frozen=True)
class Given:
    """What was given with a move; the table says which of it is required."""

    title: str = ""
    category: str = ""
    spot: str = ""
    note: str = ""
    hazard: str = ""  # its number
    feedback: str = ""
    item: str = ""  # code of the checklist's item that the hazard is one of
    with_photos: bool = False  # whether the enterprise may see the reporter's photos


@dataclass
class Deed:
    """One move under way."""

    report: Report
    given: Given
    actor: User
    post: Post
    now: dt.datetime
    data: dict[str, Any] = field(default_factory=dict)  # what the ledger keeps of it


def act(
    *,
    report: Report,
    action: str,
    given: Given,
    version: int,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> Report:
    """Apply one move of the lifecycle table and return the report as it is then.

    Raise Stale when it has moved on since `version`, NotAllowed for whoever may not, Refused when it is not
    possible now, Invalid by field.
    """
    with transaction.atomic():
        fresh = _take(report, actor, version)
        move = MACHINE.check(
            fresh, action, _("This is not possible for %(number)s now.") % {"number": fresh.number}
        )
        context = actor_for(fresh, actor, acting_post, now=now)
        if not MACHINE.may(move, fresh, context) or acting_post is None:
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        if obstacle := MACHINE.obstacle(move, fresh, context):
            raise Refused(_("This is not possible yet: %(why)s.") % {"why": obstacle})
        missing = {name: _("This is needed.") for name in move.requires if not getattr(given, name).strip()}
        if missing:
            raise Invalid(missing)
        deed = Deed(fresh, given, actor, acting_post, now)
        before = fresh.state
        fresh.state = move.target or fresh.state
        EFFECTS[action](deed)
        fresh.version = version + 1
        fresh.save()
        _close_and_owe(deed, action)
        record(
            fresh,
            f"report.{action}",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": fresh.state, "version": fresh.version, **deed.data},
        )
    return fresh


def _take(report: Report, actor: User, version: int) -> Report:
    """Lock the row, within what the person reaches."""
    reached = Report.objects.visible_to(actor).select_for_update(of=("self",))
    row = reached.select_related("site__enterprise", "matter", "post").filter(pk=report.pk).first()
    if row is None:
        raise NotAllowed
    if row.version != version:
        raise Stale(moved_on(row.number, *last_change(row)))
    return row


def photos_of(report: Report) -> QuerySet[StoredFile]:
    """Return the photos that came with a report, in their order."""
    kind = ContentType.objects.get_for_model(Report)
    shown = StoredFile.objects.filter(evidence__subject_type=kind, evidence__subject_id=report.pk)
    return shown.order_by("uploaded_at", "pk")


def _accept(deed: Deed) -> None:
    deed.report.unit, deed.report.post = deed.post.unit, deed.post


def _raise_hazard(deed: Deed) -> None:
    """Register what was seen through the one door of hazards; the officer saw it, nobody learns who told."""
    report, given = deed.report, deed.given
    categories.check(given.category, clock.local_date(deed.now))
    assert report.site is not None  # noqa: S101 (needed by the table)
    if given.item and not is_offered(given.item, report.site, own=False):
        raise Invalid({"item": _("This item does not apply here.")})
    photos = list(photos_of(report)) if given.with_photos else []
    hazard = hazards.report(
        site=report.site,
        matter=report.matter,
        title=given.title,
        description=given.note,
        spot=given.spot,
        item_code=given.item,
        road=Road.ORDERED,
        source=Source.PUBLIC,
        category=given.category,
        photos=photos,
        decides=deciding_post(report.site, report.matter),
        actor=deed.actor,
        acting_post=deed.post,
        now=deed.now,
    )
    _found(deed, Finding.RAISED, hazard)


def _join(deed: Deed) -> None:
    number = deed.given.hazard.strip().upper()
    hazard = Hazard.objects.visible_to(deed.actor).filter(number=number).first()
    if hazard is None:
        raise Invalid({"hazard": _("There is no hazard with this number that you see.")})
    if deed.report.site_id is not None and hazard.site_id != deed.report.site_id:
        raise Invalid({"hazard": _("This hazard is at another site.")})
    _found(deed, Finding.JOINED, hazard)


def _unfounded(deed: Deed) -> None:
    _found(deed, Finding.UNFOUNDED, None)


def _found(deed: Deed, finding: Finding, hazard: Hazard | None) -> None:
    report = deed.report
    report.finding, report.hazard, report.verified_at = finding, hazard, deed.now
    report.note = deed.given.note.strip()
    deed.data.update(finding=finding, hazard=hazard.number if hazard is not None else None)


def _close(deed: Deed) -> None:
    deed.report.feedback, deed.report.closed_at = deed.given.feedback.strip(), deed.now


EFFECTS: dict[str, Callable[[Deed], None]] = {
    "accept": _accept,
    "raise_hazard": _raise_hazard,
    "join": _join,
    "unfounded": _unfounded,
    "feedback": _close,
    "reject": _close,
}


def _close_and_owe(deed: Deed, action: str) -> None:
    """Close what was owed so far, and open what is owed next."""
    report, now = deed.report, deed.now
    owing.close(report, now=now)
    if action == "accept":
        owing.owe_verification(report, now=now)
    elif report.verified_at is not None and report.is_open:
        owing.owe_feedback(report, now=now)
    report.save(update_fields=["due_on"])


def locate(
    *, report: Report, site: Site, version: int, actor: User, acting_post: Post | None, now: dt.datetime
) -> Report:
    """Name the site at which it is; the report stands in the site's place from then on.

    Raise NotAllowed for whoever does not deal with it, Stale, Refused when it is no longer open or known
    as a hazard of a site.
    """
    with transaction.atomic():
        fresh = _take(report, actor, version)
        context = actor_for(fresh, actor, acting_post, now=now)
        if acting_post is None or not MACHINE.roles["body"](fresh, context):
            raise NotAllowed
        if fresh.state not in OPEN or fresh.hazard_id is not None:
            raise Refused(_("The site can no longer be named: it is verified."))
        if not Site.objects.visible_to(actor).filter(pk=site.pk).exists():
            raise NotAllowed
        # Whoever deals with it keeps it in sight, wherever the site stands.
        for post in {acting_post, fresh.post} - {None}:
            involve(subject=fresh, post=post, role="located", now=now)  # type: ignore[arg-type]
        fresh.site, fresh.version = site, version + 1
        for name, value in site.place_ids.items():
            setattr(fresh, name, value)
        fresh.be_found_by(fresh.number, fresh.what, fresh.where, site.name, site.enterprise.name)
        fresh.save()
        record(
            fresh,
            "report.locate",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"site": site.pk, "version": fresh.version},
        )
    return fresh
