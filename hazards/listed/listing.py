"""Putting a major hazard on a list: who may, by which days, and what is owed from then on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from hazards.actors import actor_for
from hazards.listed import owing
from hazards.listed.choices import ListingState, Owed
from hazards.listed.deeds import LIST_STEP, Given, ListingDeed, take, tell
from hazards.listed.models import TEXT_LENGTH, ListedSupervision, ListingRule
from hazards.listed.queries import rules_above, rules_for
from hazards.models import Hazard
from responsibility.obligations.choices import Outcome
from safegrid.accounts.models import Post, User
from safegrid.accounts.services import involve
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

MOST_REPORT_DAYS = 180


def list_hazard(
    *,
    hazard: Hazard,
    level: str,
    note: str = "",
    due_on: dt.date | None = None,
    report_days: int | None = None,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> ListedSupervision:
    """Put an open major hazard on the list of the acting post's body, and return the listing.

    What a lower level has listed, a higher one takes over (提级督办): that listing ends, and nothing of it is
    owed any more. What is not given of `due_on` and `report_days` (calendar days), the rule of the level
    says. Raise NotAllowed for whoever does not reach it or may not list, Refused when it is no open major
    hazard, Stale when it is listed already at that level or above, Invalid naming the field.
    """
    with transaction.atomic():
        fresh = take(hazard.pk, actor)
        rules = rules_for(fresh, actor_for(fresh, actor, acting_post, now=now), clock.local_date(now))
        if not rules or acting_post is None or acting_post.unit is None:
            raise NotAllowed(_("a government, the safety committee office or a member unit does this"))
        present = ListedSupervision.objects.select_for_update().open().filter(hazard=fresh).first()
        if present is not None and not (rules := rules_above(rules, present)):
            raise Stale(_("%(number)s is listed already; nothing was changed.") % {"number": fresh.number})
        if not fresh.is_major or not fresh.is_open:
            raise Refused(_("Only an open major hazard is listed."))
        rule = next((rule for rule in rules if rule.level == level), None)
        if rule is None:
            raise Invalid({"level": _("Choose a level at which your body lists.")})
        today = clock.local_date(now)
        row = ListedSupervision(
            post=acting_post,
            unit=acting_post.unit,
            note=note.strip()[:TEXT_LENGTH],
            due_on=due_on or today + dt.timedelta(days=rule.days),
            report_days=rule.report_days if report_days is None else report_days,
        )
        if row.due_on < today:
            raise Invalid({"due_on": _("This day is over. Choose today or later.")})
        if not 1 <= row.report_days <= MOST_REPORT_DAYS:
            raise Invalid({"report_days": _("Choose 1 to %(most)s days.") % {"most": MOST_REPORT_DAYS}})
        if present is not None:
            present.hazard = fresh
            _hand_up(present, now=now)
        put(row, fresh, rule, actor=actor, acting_post=acting_post, now=now)
    return row


def _hand_up(row: ListedSupervision, *, now: dt.datetime) -> None:
    """End a listing that a higher level takes over: the enterprise answers to that one from now on."""
    row.state, row.version = ListingState.RAISED, row.version + 1
    row.save(update_fields=["state", "version"])
    owing.close(row, Owed.REPORT, Owed.DELIST, now=now, outcome=Outcome.SUPERSEDED)


def put(
    row: ListedSupervision,
    hazard: Hazard,
    rule: ListingRule,
    *,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> None:
    """Write a listing of `hazard`; what was delisted before and waits for its spot check is settled by it."""
    before = ListedSupervision.objects.filter(hazard=hazard, state=ListingState.DELISTED)
    if before.update(state=ListingState.RELISTED, version=F("version") + 1):
        row.hazard = hazard
        owing.close(row, Owed.SPOT, now=now, outcome=Outcome.SUPERSEDED)
    row.hazard, row.rule, row.level = hazard, rule, rule.level
    row.listed_at, row.listed_by, row.original_due_on = now, actor, row.due_on
    row.save()
    involve(subject=hazard, post=row.post, role="listing", now=now)
    owing.owe_request(row, now=now)
    owing.owe_report(row, after=clock.local_date(now), now=now)
    deed = ListingDeed(row, Given(note=row.note), actor, acting_post, now)
    data = {"level": row.level, "unit": row.unit_id, "due_on": row.due_on, "report_days": row.report_days}
    tell(deed, LIST_STEP, data)
