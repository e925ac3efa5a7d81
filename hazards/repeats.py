"""What comes again: the same item at the same site within a window, and what may be one hazard told twice.

Recurrence is told by the checklist item (`item_code`): two different defects of one item are one weakness. A
hazard from an imported ledger names no item, so nobody can tell it of those. A likely duplicate is only
offered; a person says that it is the same (`hazards.services.merging`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hazards.choices import Road, State
from hazards.grading.models import recurrence_window
from safegrid.kernel import clock
from safegrid.kernel.bigrams import bigrams

if TYPE_CHECKING:
    from hazards.models import Hazard

#: From which share of the shorter title's pairs of characters on the longer one has, two titles are alike:
#: people write of one thing with more or fewer words (疏散通道被堵塞, 二楼疏散通道堵塞). One pair is none.
LIKENESS = 0.6
SHARED = 2  # pairs at least
COMPARED = 100  # open hazards of one site, the latest
OFFERED = 5


def earlier(hazard: Hazard, *, now: dt.datetime) -> Hazard | None:
    """Return the latest closed hazard of the same item at the same site within the window of policy.

    An order recurs only to what officials knew of: what an enterprise found and put right itself is no
    ground for anything (自查自改).
    """
    from hazards.models import Hazard

    window = recurrence_window(clock.local_date(now)) if hazard.item_code else None
    if window is None:
        return None
    same = Hazard.objects.filter(
        site=hazard.site_id, item_code=hazard.item_code, state=State.CLOSED, closed_at__gte=now - window
    ).exclude(pk=hazard.pk)
    if hazard.road == Road.ORDERED:
        same = same.filter(is_shared=True)
    return same.order_by("-closed_at", "-pk").first()


def likely_same(hazard: Hazard, user: Any = None) -> list[Hazard]:
    """Return the open hazards at the same site that may be this one; those `user` sees. One query.

    Of the same item, or with a title that is alike. An order is no part of what an enterprise found itself,
    nor a major hazard of a general one: neither is offered.
    """
    from hazards.models import Hazard

    if not hazard.is_open:
        return []
    rows = Hazard.objects.all() if user is None else Hazard.objects.visible_to(user)
    rows = rows.open().filter(site=hazard.site_id).exclude(pk=hazard.pk)
    if hazard.road == Road.ORDERED:
        rows = rows.filter(road=Road.ORDERED)
    if hazard.is_major:
        rows = rows.filter(grade=hazard.grade)
    found = [row for row in rows.order_by("-pk")[:COMPARED] if _are_alike(hazard, row)]
    return found[:OFFERED]


def _are_alike(one: Hazard, other: Hazard) -> bool:
    if one.item_code and one.item_code == other.item_code:
        return True
    ours, theirs = set(bigrams(one.title)), set(bigrams(other.title))
    shared = len(ours & theirs)
    return shared >= SHARED and shared >= LIKENESS * min(len(ours), len(theirs))
