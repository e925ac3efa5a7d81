"""What each move does beside the change of state: what is owed next, who looked, what they found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from hazards import services as hazards
from hazards.choices import State
from hazards.listed import owing
from hazards.listed.choices import Owed
from hazards.listed.deeds import ListingDeed, show
from hazards.listed.listing import put
from hazards.listed.models import ListedSupervision, ProgressReport
from hazards.listed.queries import rules_in_force
from hazards.services.deeds import Given as HazardGiven
from responsibility.obligations.choices import Outcome
from safegrid.kernel import clock


def _report(deed: ListingDeed) -> None:
    """Keep it; it meets what is owed in this period of the rhythm, and never a later one."""
    row, today = deed.row, clock.local_date(deed.now)
    owed = owing.report_due(row)
    meets = owed is not None and owed.due_on - dt.timedelta(days=row.report_days) < today
    report = ProgressReport.objects.create(
        listing=row,
        text=deed.given.note,
        due_on=owed.due_on if owed is not None and meets else None,
        at=deed.now,
        by=deed.actor,
        post=deed.post,
    )
    show(deed, report)
    if owed is not None and meets:
        owing.close(row, Owed.REPORT, now=deed.now)
        owing.owe_report(row, after=max(owed.due_on, today), now=deed.now)
        deed.data["met"] = owed.due_on


def _ask(deed: ListingDeed) -> None:
    owing.close(deed.row, Owed.DELIST, now=deed.now)
    owing.close(deed.row, Owed.REPORT, now=deed.now, outcome=Outcome.SUPERSEDED)
    owing.owe_check(deed.row, now=deed.now)


def _check(deed: ListingDeed) -> None:
    row = deed.row
    row.checked_at, row.checked_by, row.checked_post = deed.now, deed.actor, deed.post
    row.finding = deed.given.note
    show(deed, row.hazard)
    owing.close(row, Owed.CHECK, now=deed.now)
    owing.owe_acceptance(row, now=deed.now)


def _accept(deed: ListingDeed) -> None:
    deed.row.accepted_at, deed.row.accepted_by = deed.now, deed.actor
    show(deed, deed.row.hazard)
    owing.close(deed.row, Owed.ACCEPT, now=deed.now)
    owing.owe_approval(deed.row, now=deed.now)


def _approve(deed: ListingDeed) -> None:
    deed.row.delisted_at = deed.now
    owing.close(deed.row, Owed.APPROVE, now=deed.now)
    owing.owe_spot_check(deed.row, now=deed.now)


def _send_back(deed: ListingDeed) -> None:
    """It stands on the list as before, by a new day; the first one stays beside it."""
    row = deed.row
    assert deed.given.due_on is not None  # noqa: S101 (required by the table)
    row.due_on, row.finding = deed.given.due_on, ""
    row.checked_at = row.checked_by = row.checked_post = row.accepted_at = row.accepted_by = None
    owing.close(row, Owed.CHECK, Owed.ACCEPT, Owed.APPROVE, now=deed.now)
    owing.owe_request(row, now=deed.now)
    owing.owe_report(row, after=clock.local_date(deed.now), now=deed.now)
    deed.data["due_on"] = row.due_on


def _withdraw(deed: ListingDeed) -> None:
    owing.close(deed.row, *Owed, now=deed.now, outcome=Outcome.CANCELLED)


def _spot(deed: ListingDeed) -> None:
    deed.row.spot_checked_at, deed.row.spot_finding = deed.now, deed.given.note
    show(deed, deed.row.hazard)
    owing.close(deed.row, Owed.SPOT, now=deed.now)


def _not_fixed(deed: ListingDeed) -> None:
    """Reopen the hazard through its own door, and put it on the same body's list again."""
    _spot(deed)
    old, given = deed.row, deed.given
    who: dict[str, Any] = {"actor": deed.actor, "acting_post": deed.post, "now": deed.now}
    hazard = old.hazard
    if hazard.state == State.CLOSED:
        hazard = hazards.act(
            hazard=hazard,
            action="reopen",
            given=HazardGiven(note=given.note, due_on=given.due_on),
            version=hazard.version,
            **who,
        )
    assert given.due_on is not None  # noqa: S101 (required by the table)
    old.save()  # settled before the next one begins
    again = ListedSupervision(
        post=old.post, unit=old.unit, note=given.note, due_on=given.due_on, report_days=old.report_days
    )
    rules = {rule.level: rule for rule in rules_in_force(clock.local_date(deed.now))}
    put(again, hazard, rules.get(old.level, old.rule), **who)
    old.hazard = hazard
    deed.data["listed_again"] = again.pk


EFFECTS: dict[str, Callable[[ListingDeed], None]] = {
    "report": _report,
    "ask": _ask,
    "check": _check,
    "accept": _accept,
    "approve": _approve,
    "send_back": _send_back,
    "withdraw": _withdraw,
    "confirm": _spot,
    "not_fixed": _not_fixed,
}
