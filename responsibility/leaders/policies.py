"""What leading posts owe by default, and giving each post what the policies in force say."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from responsibility.leaders.choices import DeedKind, LeaderRole
from responsibility.leaders.models import Leader, LeaderDuty, LeaderDutyPolicy
from responsibility.leaders.periods import follow_wings, kind_of
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.models import Duty
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.audit.services import Deed, record_many
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock

_QUARTER, _HALF = Rhythm.QUARTERLY, Rhythm.HALF_YEARLY
_CHECK, _MEETING, _CONTACT = DeedKind.CHECK, DeedKind.MEETING, DeedKind.CONTACT

#: Role, kind, how many, in each: defaults that vary by place.
DEFAULTS = [
    (LeaderRole.SECRETARY, _CHECK, 1, _QUARTER),
    (LeaderRole.SECRETARY, _MEETING, 1, _HALF),
    (LeaderRole.GOVERNMENT, _CHECK, 2, _QUARTER),
    (LeaderRole.GOVERNMENT, _MEETING, 1, _QUARTER),
    (LeaderRole.GOVERNMENT, _CONTACT, 1, _QUARTER),
    (LeaderRole.TOWNSHIP, _CHECK, 3, _QUARTER),
    (LeaderRole.TOWNSHIP, _MEETING, 1, _QUARTER),
    (LeaderRole.UNIT, _CHECK, 1, _QUARTER),
    (LeaderRole.UNIT, _MEETING, 1, _QUARTER),
    (LeaderRole.OFFICE, _CHECK, 1, _QUARTER),
    (LeaderRole.OFFICE, _MEETING, 1, _QUARTER),
]
SOURCE = "党政领导干部安全生产责任制规定；次数为默认，以当地规定为准"


def load_defaults(*, since: dt.date) -> None:
    """Write the policies of a role and kind of which there is none yet."""
    there = set(LeaderDutyPolicy.objects.values_list("role", "kind"))
    LeaderDutyPolicy.objects.bulk_create(
        LeaderDutyPolicy(
            role=role, kind=kind, number=number, rhythm=rhythm, source=SOURCE, span=(since, None)
        )
        for role, kind, number, rhythm in DEFAULTS
        if (role, kind) not in there
    )


def role_of(post: Post) -> LeaderRole | None:
    """Return as what `post` leads; None for a post that leads no body."""
    unit = post.unit
    if unit is None or post.kind not in (PostKind.HEAD, PostKind.OFFICE):
        return None
    if post.kind == PostKind.OFFICE:
        return LeaderRole.OFFICE if unit.kind == UnitKind.OFFICE else None
    if unit.kind == UnitKind.PARTY:
        return LeaderRole.SECRETARY
    if unit.kind == UnitKind.GOVERNMENT:
        high = unit.district.level in (Level.CITY, Level.DISTRICT)
        return LeaderRole.GOVERNMENT if high else LeaderRole.TOWNSHIP
    return LeaderRole.UNIT if unit.kind == UnitKind.MEMBER else None


def apply_policies(*, now: dt.datetime) -> int:
    """Give each leading post what the policies in force today say; return how many duties changed.

    What was set by hand goes before a policy. A change counts from the next period on. Repeating it
    changes nothing; a bounded number of queries where nothing has changed.
    """
    today = clock.local_date(now)
    changed: list[LeaderDuty] = []
    with transaction.atomic():
        leaders = _leaders()
        # A policy that ended today or later still stands behind what it has given.
        policies = {(p.role, p.kind): p for p in LeaderDutyPolicy.objects.filter(span__contains=today)}
        given: dict[tuple[int, str], list[LeaderDuty]] = {}
        standing = LeaderDuty.objects.filter(
            Q(span__contains=today) | Q(span__startswith__gt=today), leader__in=leaders
        )
        for row in standing.select_for_update(of=("self",)).order_by("span"):
            given.setdefault((row.leader_id, row.kind), []).append(row)
        for leader in leaders:
            for kind in DeedKind.values:
                policy = policies.get((leader.role, kind))
                changed += _settle(leader, kind, policy, given.get((leader.pk, kind), []), today=today)
        fresh = [row for row in changed if row.pk is None]
        LeaderDuty.objects.bulk_create(fresh)
        deeds = [Deed(row.leader, "leader_duty.by_policy", told(row)) for row in changed]
        record_many(deeds, actor=None, acting_post=None, now=now)
        set_going(leaders, now=now)
        follow_wings(now=now)
    return len(changed)


def _settle(
    leader: Leader, kind: str, policy: LeaderDutyPolicy | None, rows: list[LeaderDuty], *, today: dt.date
) -> list[LeaderDuty]:
    """End what a policy gave that is no longer so; return what changed, new rows unsaved."""
    by_hand = [row for row in rows if row.policy_id is None]
    if any(_holds(row, today) for row in by_hand):
        return []
    until = by_hand[0].span.lower if by_hand else None
    now_given = next((row for row in rows if row.policy_id is not None and _holds(row, today)), None)
    changed = []
    if now_given is not None:
        same = policy is not None and _said(now_given) == (policy.pk, policy.number, policy.rhythm)
        if same:
            return []
        if now_given.span.lower == today:
            now_given.delete()
        else:
            now_given.span = DateRange(now_given.span.lower, today)
            now_given.save(update_fields=["span"])
            changed.append(now_given)
    if policy is not None:
        changed.append(
            LeaderDuty(
                leader=leader,
                kind=kind,
                number=policy.number,
                rhythm=policy.rhythm,
                span=DateRange(today, until),
                policy=policy,
                basis=policy.source,
            )
        )
    return changed


def _holds(row: LeaderDuty, day: dt.date) -> bool:
    return bool(row.span.lower <= day and (row.span.upper is None or day < row.span.upper))


def _said(row: LeaderDuty) -> tuple[int | None, int, str]:
    return (row.policy_id, row.number, row.rhythm)


def told(row: LeaderDuty) -> dict[str, Any]:
    """Return what the ledger keeps of a duty."""
    return {
        "kind": row.kind,
        "number": row.number,
        "rhythm": row.rhythm,
        "since": row.span.lower,
        "until": row.span.upper,
        "basis": row.basis,
    }


def _leaders() -> list[Leader]:
    """Return every leading post, those that are new among them."""
    known = {leader.post_id: leader for leader in Leader.objects.select_related("post")}
    posts = Post.objects.filter(kind__in=(PostKind.HEAD, PostKind.OFFICE), unit__isnull=False)
    for post in posts.exclude(pk__in=known).select_related("unit__district").order_by("pk"):
        role = role_of(post)
        if role is None or post.unit is None:
            continue
        place = post.unit.district
        known[post.pk] = Leader.objects.create(
            post=post,
            unit=post.unit,
            role=role,
            sequence=f"{place.path}/{post.unit.pk:08d}",
            **columns(place),
        )
    return [known[pk] for pk in sorted(known)]


def set_going(leaders: list[Leader], *, now: dt.datetime) -> None:
    """Let the rhythm of each duty run that is in force or will be; the sweep opens what is due."""
    today = clock.local_date(now)
    wanted: dict[tuple[int, str], LeaderDuty] = {}
    rows = LeaderDuty.objects.filter(
        Q(span__contains=today) | Q(span__startswith__gt=today), leader__in=leaders
    )
    for row in rows.select_related("leader").order_by("-span"):
        wanted[row.leader.post_id, kind_of(row.kind)] = row
    there = {
        (duty.post_id, duty.kind): duty
        for duty in Duty.objects.filter(
            post__in=[leader.post_id for leader in leaders], kind__in={kind for _post, kind in wanted}
        )
    }
    missing = [
        Duty(kind=kind, post_id=post, rhythm=row.rhythm, next_opens_at=_when(row, today, now))
        for (post, kind), row in wanted.items()
        if (post, kind) not in there
    ]
    Duty.objects.bulk_create(missing, ignore_conflicts=True)
    for key, duty in there.items():
        if key in wanted and duty.next_opens_at is None:
            duty.next_opens_at = _when(wanted[key], today, now)
            duty.save(update_fields=["next_opens_at"])


def _when(row: LeaderDuty, today: dt.date, now: dt.datetime) -> dt.datetime:
    return now if _holds(row, today) else clock.day_start(row.span.lower)
