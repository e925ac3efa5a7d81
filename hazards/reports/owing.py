"""What a report asks of somebody by a day. It is the body's own affair: no enterprise sees any of it."""

import datetime as dt

from hazards.reports.choices import Owed
from hazards.reports.models import NO_DEADLINE, Report
from responsibility.calendars import services as calendar
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import close_obligations, open_obligation
from safegrid.accounts.models import Post
from safegrid.accounts.services import involve
from safegrid.kernel import clock


def owe_triage(report: Report, *, now: dt.datetime) -> None:
    """Let whoever it was proposed to owe taking it up."""
    _owe(report, Owed.TRIAGE, now=now)


def owe_verification(report: Report, *, now: dt.datetime) -> None:
    """Let whoever took it up owe the verification."""
    _owe(report, Owed.VERIFY, now=now)


def owe_feedback(report: Report, *, now: dt.datetime) -> None:
    """Let whoever verified it owe an answer to who reported."""
    _owe(report, Owed.FEEDBACK, now=now)


def close(report: Report, *kinds: str, now: dt.datetime, outcome: Outcome = Outcome.MET) -> list[Obligation]:
    """Close what is open of these kinds, of all by default; nothing is awaited then. It is not saved."""
    report.due_on = NO_DEADLINE
    return close_obligations(subject=report, kinds=kinds or Owed.values, outcome=outcome, now=now)


def pass_on(report: Report, *, to: Post, now: dt.datetime) -> None:
    """Let another post owe what is open, by a new deadline of the same kind."""
    for row in close(report, now=now, outcome=Outcome.SUPERSEDED):
        report.post = to
        _owe(report, Owed(row.kind), now=now)


def _owe(report: Report, kind: Owed, *, now: dt.datetime) -> None:
    """Open it for the report's post by the policy of the same name, and note the day on the report."""
    if report.post is None:
        return
    policy, due_at = calendar.deadline(kind, now=now)
    open_obligation(
        kind=kind,
        subject=report,
        site=None,  # or the enterprise there would see it
        place_ids=report.place_ids,
        matter=report.matter,
        debtor_post=report.post,
        due_at=due_at,
        policy=policy,
        params={"pk": report.pk, "number": report.number, "title": report.title},
        now=now,
    )
    involve(subject=report, post=report.post, role=kind, now=now)
    report.due_on = clock.last_day(due_at)
    report.save(update_fields=["due_on"])
