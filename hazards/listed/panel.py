"""What the page of a hazard shows of its listing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from hazards.actors import Actor
from hazards.listed.lifecycle import MACHINE
from hazards.listed.models import ListedSupervision, ProgressReport
from hazards.listed.queries import rules_above, rules_for
from hazards.models import Hazard
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel import clock
from safegrid.kernel.machine import Move, Offer


@dataclass(frozen=True)
class Said:
    """A progress report with the photos that came with it."""

    report: ProgressReport
    photos: list[StoredFile]


@dataclass(frozen=True)
class Panel:
    """The present listing of a hazard with what the reader may do, earlier ones, or that it may be listed."""

    row: ListedSupervision | None
    earlier: list[ListedSupervision]
    reports: list[Said]
    mine: list[Move]
    others: list[Offer]
    over: int | None
    is_overdue: bool
    may_list: bool  # at all, or at a higher level than it is listed at


def listings_of(hazard: Hazard) -> list[ListedSupervision]:
    """Return the listings of `hazard`, the latest first; it knows its hazard. One query."""
    rows = ListedSupervision.objects.filter(hazard=hazard)
    found = list(rows.select_related("unit", "post", "checked_by", "accepted_by").order_by("-pk"))
    for row in found:
        row.hazard = hazard
    return found


def _reports(row: ListedSupervision) -> list[Said]:
    """Return what was reported, the latest on top. Two queries."""
    reports = list(row.reports.select_related("by", "post"))
    photos: dict[int, list[StoredFile]] = defaultdict(list)
    shown = Evidence.objects.filter(
        subject_type__model="progressreport", subject_id__in=[report.pk for report in reports]
    )
    for each in shown.select_related("file").order_by("pk"):
        photos[each.subject_id].append(each.file)
    return [Said(report, photos[report.pk]) for report in reports]


def panel(hazard: Hazard, actor: Actor) -> Panel | None:
    """Return what there is of listing a hazard, None when nothing is. The same queries for any number."""
    if not hazard.is_major:
        return None
    found = listings_of(hazard)
    row: Any = found[0] if found else None
    rules = rules_for(hazard, actor, clock.local_date(actor.now)) if hazard.is_open else []
    if row is not None and row.is_open:
        rules = rules_above(rules, row)
    may_list = bool(rules)
    if row is None:
        return Panel(None, [], [], [], [], None, False, may_list) if may_list else None
    offers = MACHINE.offers(row, actor)
    return Panel(
        row=row,
        earlier=found[1:],
        reports=_reports(row),
        mine=[offer.move for offer in offers if offer.allowed],
        others=[offer for offer in offers if not offer.allowed],
        over=row.days_over(actor.now),
        is_overdue=row.is_overdue(actor.now),
        may_list=may_list,
    )
