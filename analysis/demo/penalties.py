"""Penalties of the demo city: for hazards that were late, and enough of them for one closure proposal."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from analysis.demo.businesses import DEMO_NAME
from hazards.choices import Grade
from hazards.models import Hazard
from hazards.penalties.choices import PenaltyKind
from hazards.penalties.models import Penalty
from hazards.penalties.queries import is_ground, may_penalise
from hazards.penalties.services import Decided, correct, penalise
from safegrid.accounts.queries import holders
from safegrid.kernel import clock

LATE = 5  # hazards that were fined
REPEATED = (120, 60, 3)  # days ago, of the repeat offender
LAW = "安全生产法"


def enter_penalties(*, now: dt.datetime) -> None:
    """Enter fines for what was rectified late, one of them corrected, and three where a hazard is major."""
    ordered = Hazard.objects.filter(ordered_by__isnull=False).select_related(
        "ordered_by__unit", "site__enterprise", "matter", "enterprise"
    )
    late = ordered.filter(days_late__gt=0).order_by("-closed_at", "-pk")[:LATE]
    fined = [
        _fine(row, days=2 + number, amount=5000 * (number + 1), now=now) for number, row in enumerate(late)
    ]
    if (first := next((row for row in fined if row is not None), None)) is not None:
        _correct(first, now=now)
    major = (
        ordered.open().filter(grade=Grade.MAJOR).exclude(enterprise__name=DEMO_NAME).order_by("-pk").first()
    )
    for days in REPEATED if major is not None else ():
        _fine(major, days=days, amount=30_000, now=now)  # type: ignore[arg-type]


def _fine(hazard: Hazard, *, days: int, amount: int, now: dt.datetime) -> Penalty | None:
    """Enter a fine by the body that gave the order, decided so many `days` ago; None where nobody could."""
    post, on = hazard.ordered_by, clock.local_date(now)
    actor = holders([post.pk], on=on).get(post.pk) if post else None
    if actor is None or not may_penalise(hazard, actor, post) or not is_ground(hazard, now):
        return None
    decided_on = on - dt.timedelta(days=days)
    number = Penalty.objects.filter(unit=post.unit_id, replaces=None).count() + 1  # type: ignore[union-attr]
    return penalise(
        token=uuid.uuid4(),
        hazard=hazard,
        decided=Decided(
            kind=PenaltyKind.FINE,
            law=LAW,
            article="第一百零二条",
            document=f"安监罚〔{decided_on.year}〕{number}号",
            decided_on=decided_on,
            amount=Decimal(amount),
        ),
        actor=actor,
        acting_post=post,
        now=now,
    )


def _correct(penalty: Penalty, *, now: dt.datetime) -> None:
    """Let another amount stand for what was entered."""
    correct(
        penalty=penalty,
        token=uuid.uuid4(),
        decided=Decided(
            kind=penalty.kind,
            law=penalty.law,
            article=penalty.article,
            document=penalty.document,
            decided_on=penalty.decided_on,
            amount=Decimal(8000),
        ),
        is_void=False,
        reason="金额录入有误",
        actor=penalty.entered_by,
        acting_post=penalty.entered_post,
        now=now,
    )
