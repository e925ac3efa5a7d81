"""Questions about listings that other rooms of hazards ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from hazards.listed.choices import WATCHED, ListingLevel, ListingState
from hazards.listed.models import ListedSupervision, ListingRule


def is_watched(hazard: Any) -> bool:
    """Return whether `hazard` stands on a list, or still owes the spot check. No query for a general one."""
    if not hazard.is_major:
        return False
    return ListedSupervision.objects.filter(hazard=hazard.pk, state__in=WATCHED).exists()


def rules_in_force(on: dt.date) -> list[ListingRule]:
    """Return the rule of each level that counts on the local day `on`. One query."""
    rows = ListingRule.objects.filter(since__lte=on).order_by("since")
    return sorted({row.level: row for row in rows}.values(), key=lambda row: row.days)


def rules_for(hazard: Any, actor: Any, on: dt.date) -> list[ListingRule]:
    """Return the rules by which `actor` may list `hazard`: of their post, of the level of their body.

    Empty for who does not act there. What the hazard is like, `hazards.listed.services` asks.
    """
    post = actor.post
    if post is None or post.unit_id is None or not actor.in_scope:
        return []
    found = [rule for rule in rules_in_force(on) if post.kind in rule.post_kinds]
    return [rule for rule in found if post.unit.district.level == rule.unit_level]


def rules_above(rules: Sequence[ListingRule], listing: Any) -> list[ListingRule]:
    """Return those of `rules` of a level above that of `listing`, which has not been asked to be delisted."""
    if listing.state != ListingState.LISTED:
        return []
    levels = list(ListingLevel)
    return [rule for rule in rules if levels.index(ListingLevel(rule.level)) > levels.index(listing.level)]


def on_list(rows: Any, user: Any, now: dt.datetime) -> Any:
    """Return those of `rows`, which are hazards, that stand on a list: a saved view."""
    return rows.filter(pk__in=ListedSupervision.objects.open().order_by().values("hazard"))
