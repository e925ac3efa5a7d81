"""Applying changed policies and a newly published calendar to what is open: explicit and recorded.

Nothing moves by itself when a policy row or the calendar is edited. What a person gave a day to, such as
an order to rectify, keeps that day.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from responsibility.calendars.services import due_on, policy
from responsibility.obligations.kinds import kinds
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import move_deadline
from safegrid.audit.services import Deed, record_many
from safegrid.kernel import clock


def recompute(*, actor: Any, acting_post: Any, now: dt.datetime, write: bool = True) -> int:
    """Give every open obligation the deadline that policy and calendar give today; return how many move.

    Each that moves starts a new ladder and gets a ledger entry with both days; its original deadline
    stays beside the new one. With `write` False nothing is changed. Safe to repeat.
    """
    moved: list[Deed] = []
    with transaction.atomic():
        rows = Obligation.objects.open().exclude(policy=None).select_related("policy").order_by("pk")
        for row in rows.select_for_update(of=("self",)):
            if row.policy is None or (row.kind in kinds and kinds[row.kind].day_is_given):
                continue
            start = clock.local_date(row.opened_at)
            day = due_on(policy(row.policy.code, on=start), start=start)
            if day == row.due_on:
                continue
            moved.append(Deed(row, "deadline.recompute", {"from": row.due_on, "to": day}))
            if write:
                move_deadline(obligation=row, due_at=clock.day_end(day), now=now)
        if write:
            record_many(moved, actor=actor, acting_post=acting_post, now=now)
    return len(moved)
