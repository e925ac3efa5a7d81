"""What a listing asks of somebody by a day. It is owed about the hazard, on whose page it stands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hazards.listed.choices import Owed
from hazards.listed.models import ListedSupervision
from hazards.models import Hazard
from hazards.queries import deciding_post
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import about, close_obligations, open_obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.kernel import clock

_REGULATORS = (PostKind.OFFICER, PostKind.SUPERVISOR)


def owe_report(row: ListedSupervision, *, after: dt.date, now: dt.datetime) -> None:
    """Let the enterprise owe a report by the first day of the rhythm after the local day `after`.

    The rhythm runs from the day of the listing, so that a late report does not move the next one.
    """
    begun = clock.local_date(row.listed_at)
    periods = (after - begun).days // row.report_days + 1
    day = begun + dt.timedelta(days=periods * row.report_days)
    _open(row, Owed.REPORT, day, now=now, debtor_enterprise=row.hazard.enterprise)


def report_due(row: ListedSupervision) -> Obligation | None:
    """Return the report that is owed now."""
    return about(row.hazard).open().filter(kind=Owed.REPORT).first()


def owe_request(row: ListedSupervision, *, now: dt.datetime) -> None:
    """Let the enterprise owe the request for delisting by the deadline of the listing."""
    _open(
        row,
        Owed.DELIST,
        row.due_on,
        now=now,
        debtor_enterprise=row.hazard.enterprise,
        original_due_on=row.original_due_on,
    )


def owe_check(row: ListedSupervision, *, now: dt.datetime) -> None:
    """Let the regulator owe the look on site: who ordered it, or decides there."""
    hazard = row.hazard
    post = hazard.ordered_by or deciding_post(hazard.site, hazard.matter) or row.post
    _open(row, Owed.CHECK, _answer_day(row, now), now=now, debtor_post=post)


def owe_acceptance(row: ListedSupervision, *, now: dt.datetime) -> None:
    """Let another post of the regulator's than the one that checked owe the acceptance."""
    _open(row, Owed.ACCEPT, _answer_day(row, now), now=now, debtor_post=_another(row))


def owe_approval(row: ListedSupervision, *, now: dt.datetime) -> None:
    """Let the post that listed it owe the decision."""
    _open(row, Owed.APPROVE, _answer_day(row, now), now=now, debtor_post=row.post)


def owe_spot_check(row: ListedSupervision, *, now: dt.datetime) -> None:
    """Let the post that checked owe another look some time after: it has not accepted."""
    day = _days_on(now, row.rule.spot_days)
    _open(row, Owed.SPOT, day, now=now, debtor_post=row.checked_post, not_by=row.accepted_by)


def close(row: ListedSupervision, *kinds: Owed, now: dt.datetime, outcome: Outcome = Outcome.MET) -> None:
    """Close what is open of these kinds."""
    close_obligations(subject=row.hazard, kinds=kinds, outcome=outcome, now=now)


def _another(row: ListedSupervision) -> Post:
    """Return another post that acts there: of the body that ordered it or that checked, or who listed."""
    hazard, checked = row.hazard, row.checked_post
    assert checked is not None  # noqa: S101 (it was checked)
    units = {hazard.ordering_unit_id, checked.unit_id} - {None}
    others = Post.objects.filter(unit__in=units, kind__in=_REGULATORS).exclude(pk=checked.pk)
    for post in sorted(others, key=lambda post: (post.pk != hazard.ordered_by_id, post.pk)):
        if Hazard.objects.reached_by(scope_of(post).of(acting=True)).filter(pk=hazard.pk).exists():
            return post
    return row.post


def _days_on(now: dt.datetime, days: int) -> dt.date:
    return clock.local_date(now) + dt.timedelta(days=days)


def _answer_day(row: ListedSupervision, now: dt.datetime) -> dt.date:
    return _days_on(now, row.rule.answer_days)


def _open(row: ListedSupervision, kind: Owed, day: dt.date, *, now: dt.datetime, **more: Any) -> None:
    hazard = row.hazard
    open_obligation(
        kind=kind,
        subject=hazard,
        site=hazard.site,
        matter=hazard.matter,
        is_major=hazard.is_major,
        is_shared=hazard.is_shared,
        due_at=clock.day_end(day),
        creditor_post=row.post,
        params={"number": hazard.number, "title": hazard.title},
        now=now,
        **more,
    )
