"""Putting a closure to somebody, once for the same facts, and what they decide. Nothing closes itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.penalties.closing.defaults import POLICY
from hazards.penalties.closing.facts import Facts, candidates, facts_of
from hazards.penalties.closing.models import REASON_LENGTH, ClosingOutcome, ClosureProposal
from responsibility.calendars.services import deadline
from responsibility.coverage.whose import Resolvers
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about, close_obligations, open_obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

KIND = "closure_decide"

Marks = frozenset[tuple[str, int]]


def look(*, now: dt.datetime) -> int:
    """Look at every enterprise that may be a repeat offender; return how many proposals were raised.

    Safe to repeat. What nobody holds any longer is put to whoever it is now.
    """
    on = clock.local_date(now)
    found = [check(pk, now=now) for pk in candidates(on=on)]
    heads = Resolvers([], on=on)
    for proposal in ClosureProposal.objects.open().select_related("enterprise").order_by("pk"):
        with transaction.atomic():
            _put(proposal, heads, now=now)
    return sum(proposal is not None and proposal.raised_at == now for proposal in found)


def check(
    enterprise_id: int, *, now: dt.datetime, actor: Any = None, acting_post: Post | None = None
) -> ClosureProposal | None:
    """Put a closure to a person if the enterprise is a repeat offender by new facts, and return the proposal.

    While one is open, new facts are added to it. None where there are none: what was put to somebody once is
    not raised again.
    """
    with transaction.atomic():
        enterprise = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise_id)
        facts = facts_of(enterprise.pk, on=clock.local_date(now))
        if facts is None or any(facts.marks() <= known for known in _known(enterprise)):
            return None
        waiting = enterprise.closure_proposals.filter(decided_at=None).first()
        is_new = waiting is None
        proposal = waiting or _raise(enterprise, facts, now=now)
        proposal.penalties.add(*(penalty.first_id for penalty in facts.penalties))
        proposal.hazards.add(*facts.hazards)
        record(
            proposal,
            "closure.raise" if is_new else "closure.more_facts",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={
                "enterprise": enterprise.pk,
                "rules": [str(rule) for rule in facts.rules],
                "penalties": sorted(penalty.document for penalty in facts.penalties),
                "hazards": sorted(hazard.number for hazard in facts.hazards),
            },
        )
        if is_new:
            _put(proposal, Resolvers([], on=clock.local_date(now)), now=now)
        return proposal


def _known(enterprise: Enterprise) -> list[Marks]:
    """Return the facts of every proposal there has been."""
    rows = enterprise.closure_proposals.prefetch_related("penalties", "hazards")
    return [
        frozenset(
            {("penalty", penalty.pk) for penalty in row.penalties.all()}
            | {("hazard", hazard.pk) for hazard in row.hazards.all()}
        )
        for row in rows
    ]


def _raise(enterprise: Enterprise, facts: Facts, *, now: dt.datetime) -> ClosureProposal:
    last = facts.penalties[0]
    _policy, due_at = deadline(POLICY, now=now)
    return ClosureProposal.objects.create(
        enterprise=enterprise,
        site=last.site,
        unit=last.unit,
        raised_at=now,
        due_on=clock.last_day(due_at),
        **last.place_ids,
    )


def _put(proposal: ClosureProposal, heads: Resolvers, *, now: dt.datetime) -> None:
    """Let the head of the body that penalised owe the decision, where nobody holds that post the office."""
    whose = heads.of_unit.get(proposal.unit_id) or heads.office
    if whose is None or (whose.pk == proposal.whose_id and about(proposal).open().exists()):
        return
    close_obligations(subject=proposal, kinds=[KIND], outcome=Outcome.SUPERSEDED, now=now)
    policy, due_at = deadline(POLICY, now=now)
    ClosureProposal.objects.filter(pk=proposal.pk).update(whose=whose)
    proposal.whose = whose
    open_obligation(
        kind=KIND,
        subject=proposal,
        site=None,  # what the enterprise owes is shown at its sites; this is not its business yet
        place_ids=proposal.place_ids,
        debtor_post=whose,
        due_at=due_at,
        original_due_on=proposal.due_on,
        policy=policy,
        params={
            "pk": proposal.pk,
            "name": proposal.enterprise.name,
            "name_en": proposal.enterprise.name_en or proposal.enterprise.name,
        },
        now=now,
    )


def may_decide(proposal: ClosureProposal, post: Post | None) -> bool:
    """Return whether `post` decides: who owes it, or the head of the body that penalised."""
    if proposal.decided_at is not None or post is None:
        return False
    return post.pk == proposal.whose_id or (post.kind == PostKind.HEAD and post.unit_id == proposal.unit_id)


def decide(
    *,
    proposal: ClosureProposal,
    outcome: str,
    reason: str,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> ClosureProposal:
    """Propose closure to the government, or not, for a reason; return the proposal. Nothing is closed by it.

    Raise Invalid by field, NotAllowed for whoever may not, Stale when it is decided.
    """
    reason = reason.strip()
    wrong = {}
    if outcome not in ClosingOutcome.values:
        wrong["outcome"] = _("Choose what you decide.")
    if not reason:
        wrong["reason"] = _("Give the reason.")
    with transaction.atomic():
        rows = ClosureProposal.objects.visible_to(actor).select_for_update(of=("self",))
        row = rows.select_related("enterprise").filter(pk=proposal.pk).first()
        if row is not None and row.decided_at is not None:
            raise Stale(_("This has been decided already."))
        if row is None or acting_post is None or not may_decide(row, acting_post):
            raise NotAllowed
        if acting_post.pk not in actor.reach.post_ids:
            raise NotAllowed
        if wrong:
            raise Invalid(wrong)
        row.outcome, row.reason = outcome, reason[:REASON_LENGTH]
        row.decided_at, row.decided_by, row.decided_post = now, actor, acting_post
        row.save(update_fields=["outcome", "reason", "decided_at", "decided_by", "decided_post"])
        close_obligations(subject=row, kinds=[KIND], outcome=Outcome.MET, now=now)
        record(
            row,
            "closure.decide",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"outcome": outcome, "reason": row.reason},
        )
    return row
