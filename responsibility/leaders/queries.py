"""What the pages of leaders show."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from responsibility.leaders.choices import DeedKind, PeriodState
from responsibility.leaders.elsewhere import figures, plug_of
from responsibility.leaders.lifecycle import Context, lifecycle
from responsibility.leaders.models import Leader, LeaderDeed, LeaderDuty, LeaderPeriod, Wing
from responsibility.obligations.models import Obligation, days_over
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.names import choose

SHOWN = 50  # deeds
PERIODS = 24  # earlier ones
WING = 200
LONG_AGO = dt.timedelta(days=366)  # a day before that is a slip in the year


@dataclass(frozen=True)
class Due:
    """A duty of a leading post as it stands now."""

    kind: DeedKind
    rule: LeaderDuty | None
    period: LeaderPeriod | None
    over: int  # local days over; negative while there is time
    is_behind: bool


@dataclass(frozen=True)
class Shown:
    """A deed as the page shows it."""

    deed: LeaderDeed
    found: int
    fixed: int
    url: str
    may_correct: bool
    may_cancel: bool


@dataclass(frozen=True)
class UnderWing:
    """An enterprise under the wing, with what is open there."""

    row: Wing
    open: int
    overdue: int
    visited: dt.date | None  # when the leading post was there last


@dataclass(frozen=True)
class Page:
    """The page of a leading post."""

    holder: User | None
    dues: list[Due]
    earlier: list[LeaderPeriod]
    deeds: list[Shown]
    count: int  # deeds in all
    wing: list[UnderWing]
    rules: list[LeaderDuty] = field(default_factory=list)  # laid down for later


def page(leader: Leader, user: Any, acting: Post | None, *, now: dt.datetime) -> Page:
    """Return what the page of `leader` shows `user`. A bounded number of queries."""
    today = clock.local_date(now)
    periods = list(LeaderPeriod.objects.filter(leader=leader).order_by("-first_on", "kind")[: PERIODS + 3])
    current = {row.kind: row for row in periods if row.is_current}
    rules = list(
        LeaderDuty.objects.filter(Q(span__contains=today) | Q(span__startswith__gt=today), leader=leader)
        .order_by("span")
        .select_related("set_by")
    )
    by_kind = {row.kind: row for row in rules if row.span.lower <= today}
    return Page(
        holder=holders([leader.post_id], on=today).get(leader.post_id),
        dues=[
            _due(kind, by_kind.get(kind), current.get(kind), now=now)
            for kind in DeedKind
            if kind in by_kind or kind in current
        ],
        earlier=[row for row in periods if not row.is_current],
        deeds=deeds(leader, user, acting, now=now),
        count=LeaderDeed.objects.filter(leader=leader).count(),
        wing=under_wing(leader, user, now=now),
        rules=[row for row in rules if row.span.lower > today],
    )


def _due(kind: DeedKind, rule: LeaderDuty | None, period: LeaderPeriod | None, *, now: dt.datetime) -> Due:
    return Due(
        kind,
        rule,
        period,
        days_over(period.last_on, now) if period is not None else 0,
        period is not None and period.behind_at is not None and period.behind_at <= now,
    )


def deeds(leader: Leader, user: Any, acting: Post | None, *, now: dt.datetime) -> list[Shown]:
    """Return the last deeds, with the figures of those that are kept elsewhere."""
    rows = list(
        LeaderDeed.objects.filter(leader=leader)
        .select_related("recorded_by", "cancelled_by", "site", "leader", "enterprise")
        .order_by("-day", "-pk")[:SHOWN]
    )
    known = figures([row.source for row in rows if row.source])
    context = Context(user, acting, now)
    found = []
    for row in rows:
        plug = plug_of(row.source) if row.source else None
        offered = {offer.move.action for offer in lifecycle.offers(row, context) if offer.allowed}
        seen, fixed = known.get(row.source, (row.found, row.fixed))
        found.append(
            Shown(
                row,
                seen,
                fixed,
                plug.url(row.source_number) if plug else "",
                "correct" in offered,
                "cancel" in offered,
            )
        )
    return found


def under_wing(leader: Leader, user: Any, *, now: dt.datetime) -> list[UnderWing]:
    """Return the enterprises under the wing today or later that `user` reaches, with what is open there."""
    today = clock.local_date(now)
    seen = Enterprise.objects.visible_to(user).values("pk")
    rows = list(
        Wing.objects.filter(
            Q(span__contains=today) | Q(span__startswith__gt=today), leader=leader, enterprise__in=seen
        )
        .select_related("enterprise", "leader")
        .order_by("enterprise__name", "pk")[:WING]
    )
    owed = Obligation.objects.visible_to(user).open().filter(enterprise__in=[r.enterprise_id for r in rows])
    late = Count("pk", filter=Q(due_at__lte=now))
    counts = {
        pk: (n, over)
        for pk, n, over in owed.order_by().values_list("enterprise").annotate(n=Count("pk"), over=late)
    }
    visited = last_visits(leader, [row.enterprise_id for row in rows])
    return [
        UnderWing(row, *counts.get(row.enterprise_id, (0, 0)), visited.get(row.enterprise_id)) for row in rows
    ]


def last_visits(leader: Leader, enterprises: Collection[int]) -> dict[int, dt.date]:
    """Return when `leader` was last at each of `enterprises`, for a visit or a check. One query."""
    where = Coalesce("enterprise", "site__enterprise")
    rows = LeaderDeed.objects.filter(leader=leader, cancelled_at=None).annotate(at=where)
    rows = rows.filter(at__in=enterprises).order_by()
    return dict(rows.values_list("at").annotate(last=Max("day")))


def visitable(leader: Leader, user: Any, *, now: dt.datetime) -> list[tuple[int, str]]:
    """Return the enterprises that a visit under the wing can name, as choices: whom `user` reads. One query.

    Those that were under the wing within the year in which visits can still be recorded.
    """
    today = clock.local_date(now)
    span = (today - LONG_AGO, today + dt.timedelta(days=1))
    there = Wing.objects.filter(leader=leader, span__overlap=span).values("enterprise")
    rows = Enterprise.objects.visible_to(user).filter(pk__in=there).order_by("name", "pk")
    return [(row.pk, choose(row.name, row.name_en)) for row in rows]


def in_contact(enterprise: Enterprise | int, *, now: dt.datetime) -> list[tuple[Leader, User | None]]:
    """Return under whose wing an enterprise is today, with who holds each post. Three queries."""
    today = clock.local_date(now)
    rows = (
        Wing.objects.filter(enterprise=enterprise, span__contains=today)
        .select_related("leader__post", "leader__unit")
        .order_by("leader__sequence", "leader")
    )
    leaders = [row.leader for row in rows]
    manned = holders([leader.post_id for leader in leaders], on=today)
    return [(leader, manned.get(leader.post_id)) for leader in leaders]


def wing_counts(leaders: Any, *, on: dt.date) -> dict[int, int]:
    """Return how many enterprises are under the wing of each of `leaders` on the local day. One query."""
    rows = Wing.objects.filter(leader__in=leaders, span__contains=on).order_by()
    return dict(rows.values_list("leader").annotate(n=Count("pk")))


def behind(now: dt.datetime) -> Q:
    """Return the condition on periods: less is done than the time that is gone asks for.

    Or the period before lapsed undone, and nothing has been done since.
    """
    running = Q(is_current=True, state=PeriodState.RUNNING)
    return running & (Q(behind_at__lte=now) | Q(after_lapse=True, done=0))


@dataclass(frozen=True)
class Sums:
    """What a leading post owed and did within some days."""

    owed: dict[str, int]
    done: dict[str, int]
    found: int
    fixed: int


def sums(leaders: list[Leader], first: dt.date, last: dt.date) -> dict[int, Sums]:
    """Return for each leading post what it owed in periods that end within these days, and what it did then.

    A bounded number of queries.
    """
    owed: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(DeedKind.values, 0))
    done: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(DeedKind.values, 0))
    hazards: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    ids = [leader.pk for leader in leaders]
    periods = LeaderPeriod.objects.filter(leader__in=ids, last_on__range=(first, last))
    periods = periods.exclude(state=PeriodState.CANCELLED)
    for pk, kind, number in periods.values_list("leader", "kind", "owed"):
        owed[pk][kind] += number
    rows = list(
        LeaderDeed.objects.filter(leader__in=ids, day__range=(first, last), cancelled_at=None).values_list(
            "leader", "kind", "source", "found", "fixed"
        )
    )
    known = figures([source for _pk, _kind, source, _found, _fixed in rows if source])
    for pk, kind, source, found, fixed in rows:
        done[pk][kind] += 1
        seen, mended = known.get(source, (found, fixed))
        hazards[pk][0] += seen
        hazards[pk][1] += mended
    return {pk: Sums(owed[pk], done[pk], *hazards[pk]) for pk in ids}
