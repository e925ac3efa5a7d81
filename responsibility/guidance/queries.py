"""Who has confirmed a notice, and who has not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from responsibility.guidance.choices import NoticeState
from responsibility.guidance.models import Notice, Receipt
from responsibility.obligations.models import days_over
from safegrid.accounts.models import User
from safegrid.accounts.queries import holders
from safegrid.grid.models import Unit
from safegrid.kernel import clock

OF_UNIT = 10  # notices on a unit's page


@dataclass(frozen=True)
class Line:
    """A unit, who owes its receipt, and what became of it."""

    receipt: Receipt
    holder: User | None
    is_own: bool  # its own head owes it, not the office in its place


def lines(notice: Notice, *, now: dt.datetime) -> list[Line]:
    """Return the receipts of a notice, those that are missing first. Three queries."""
    rows = list(
        Receipt.objects.filter(notice=notice)
        .select_related("unit", "post", "confirmed_by")
        .order_by("confirmed_at", "unit")
    )
    rows.sort(key=lambda row: row.confirmed_at is not None)
    manned = holders({row.post_id for row in rows}, on=clock.local_date(now))
    return [Line(row, manned.get(row.post_id), row.post.unit_id == row.unit_id) for row in rows]


@dataclass(frozen=True)
class OfUnit:
    """A notice to a unit, on its page."""

    receipt: Receipt
    over: int
    is_open: bool


def of_unit(unit: Unit, user: Any, *, now: dt.datetime) -> list[OfUnit]:
    """Return the last notices to `unit` that `user` reads, those to be confirmed first. One query."""
    rows = (
        Receipt.objects.filter(unit=unit, notice__in=Notice.objects.visible_to(user).values("pk"))
        .select_related("notice", "confirmed_by")
        .order_by("-notice__sent_at", "-pk")[:OF_UNIT]
    )
    found = [
        OfUnit(
            row,
            days_over(clock.last_day(row.notice.due_at), now),
            row.confirmed_at is None and row.notice.state == NoticeState.RUNNING,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: not each.is_open)
