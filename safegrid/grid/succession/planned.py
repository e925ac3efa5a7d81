"""The frame of every reorganisation: decided for a day, checked, carried out once when it comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from safegrid.audit.services import record
from safegrid.grid.models import PlannedReorganisation
from safegrid.grid.services import By
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale
from safegrid.kernel.scope import reach_of

OFFICE = "office"  # the kind of post that may; posts are known above the grid
REASON_LENGTH = 200
LOCK = 0x50CC  # one for places and units: a place's units go along with it

R = TypeVar("R", bound=PlannedReorganisation)
P = TypeVar("P")


def may_reorganise(actor: Any, post: Any) -> bool:
    """Whether somebody acting as `post` may: the safety committee's office of the city."""
    if not post or post.kind != OFFICE:
        return False
    return any(b.is_everything for b in reach_of(actor).of(acting=True, post_id=post.pk).branches)


@dataclass(frozen=True)
class Frame(Generic[R, P]):
    """How one kind of reorganisation is checked and carried out; when it is, is the same for all."""

    model: type[R]
    order: str  # by which predecessors come back
    check: Callable[[R, Sequence[Any], dt.date], P]  # with the day it is; raises Invalid by field
    apply: Callable[[R, P, By], None]
    planned: str  # the action in the ledger, of a later day
    decided: str  # of today
    called_off: str

    def decide(self, row: R, predecessors: Sequence[Any], by: By) -> R:
        """Take down `row`, not saved yet, for `predecessors`, and return it; on its day it is carried out.

        Sent twice, what is there comes back. Raise NotAllowed for anybody but the committee's office, and
        Invalid by field.
        """
        if by["actor"] is not None and not may_reorganise(by["actor"], by["acting_post"]):
            raise NotAllowed
        today = clock.local_date(by["now"])
        with transaction.atomic():
            _lock()
            if (same := self._same(row, predecessors)) is not None:
                return same
            plan = self.check(row, predecessors, today)
            row.basis, row.made_at = row.basis.strip()[:200], by["now"]
            row.save()
            row.predecessors.set(predecessors)
            action = self.planned if row.on > today else self.decided
            data = {"kind": row.kind, "on": row.on, "to": row.successors, "basis": row.basis}
            for old in predecessors:
                record(old, action, **by, data=data)
            if row.on <= today:
                self._apply(row, plan, by)
        return row

    def call_off(self, row: R, *, reason: str, by: By) -> R:
        """Call off what is planned, for a reason, and return it; what it was about may be decided anew.

        Called off twice it stays as it was. Raise NotAllowed as `decide` does, Invalid without a reason,
        Stale where it is carried out already.
        """
        if not may_reorganise(by["actor"], by["acting_post"]):
            raise NotAllowed
        if not (reason := reason.strip()[:REASON_LENGTH]):
            raise Invalid({"reason": _("Say why it is called off.")})
        with transaction.atomic():
            _lock()
            row = self.model._default_manager.select_for_update().get(pk=row.pk)
            if row.done_at is not None:
                raise Stale(_("It has been carried out already."))
            if row.called_off_at is None:
                row.called_off_at, row.called_off_for = by["now"], reason
                row.save(update_fields=["called_off_at", "called_off_for"])
                for old in row.predecessors.order_by(self.order):
                    record(old, self.called_off, **by, data={"on": row.on, "reason": reason})
        return row

    def carry_out(self, *, now: dt.datetime) -> int:
        """Carry out what is planned up to the local day of `now`; return how many were. Safe to repeat.

        One that has become impossible meanwhile keeps why, and is tried again the next time.
        """
        done = 0
        due = self.model._default_manager.filter(
            done_at=None, called_off_at=None, on__lte=clock.local_date(now)
        )
        for pk in list(due.order_by("on", "pk").values_list("pk", flat=True)):
            try:
                done += self._carry_out_one(pk, By(actor=None, acting_post=None, now=now))
            except Invalid as refusal:
                said = " ".join(map(str, refusal.messages))[:300]
                self.model._default_manager.filter(pk=pk).update(problem=said)
        return done

    def _carry_out_one(self, pk: int, by: By) -> bool:
        with transaction.atomic():
            _lock()
            row = self.model._default_manager.select_for_update().get(pk=pk)
            if row.done_at is not None or row.called_off_at is not None:
                return False
            self._apply(row, self.check(row, list(row.predecessors.order_by(self.order)), row.on), by)
            return True

    def _apply(self, row: R, plan: P, by: By) -> None:
        self.apply(row, plan, by)
        row.done_at, row.problem = by["now"], ""
        row.save(update_fields=["done_at", "problem"])

    def _same(self, row: R, predecessors: Sequence[Any]) -> R | None:
        ids = {old.pk for old in predecessors}
        rows = self.model._default_manager.filter(kind=row.kind, on=row.on, successors=row.successors)
        for each in rows.filter(called_off_at=None).prefetch_related("predecessors"):
            if {old.pk for old in each.predecessors.all()} == ids:
                return each
        return None


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
