"""What a person owes, and what they wait for: the first page of everybody."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.obligations import words
from responsibility.obligations.models import Duty, Obligation, days_over
from safegrid.kernel import clock
from safegrid.kernel.names import choose_from
from safegrid.kernel.scope import Reach, reach_of

PAGE = 100  # rows

#: How far off a deadline is, from near to far.
GROUPS = {
    "overdue": _("Overdue"),
    "today": _("Today"),
    "week": _("This week"),
    "later": _("Later"),
}


@dataclass(frozen=True)
class Task:
    """One row of the list: what is owed, where, by when, and the button that does it."""

    pk: int
    title: str
    button: str
    url: str
    where: str
    debtor: str  # empty where it is the enterprise itself
    over: int  # local days over; negative while there is time
    is_overdue: bool
    until: dt.datetime | None  # the hour, when it is due within a day and not at its end
    is_major: bool


@dataclass(frozen=True)
class Group:
    """Tasks that are equally far off."""

    key: str
    label: Any
    tasks: list[Task]


@dataclass(frozen=True)
class Next:
    """What comes next when nothing is owed."""

    what: str
    day: dt.date


@dataclass(frozen=True)
class Page:
    """One page of tasks, and the numbers of its neighbours."""

    groups: list[Group]
    previous: int | None
    next: int | None


@dataclass(frozen=True)
class Work:
    """What a person owes and waits for at one moment."""

    counts: Mapping[str, int]  # by the keys of GROUPS, and "waiting"
    owed: Page
    waiting: Page
    coming: Next | None

    @property
    def total(self) -> int:
        """How many things the person owes."""
        return sum(self.counts[key] for key in GROUPS)

    @property
    def due_this_week(self) -> int:
        """How many are due this week, today included."""
        return self.counts["today"] + self.counts["week"]


def owed_by(user: Any) -> QuerySet[Obligation]:
    """Return the open obligations of the person's posts and enterprises that they can meet."""
    reach = reach_of(user)
    return Obligation.objects.open().filter(_mine(reach)).exclude(not_by__isnull=False, not_by=user.pk)


def awaited_by(user: Any) -> QuerySet[Obligation]:
    """Return the open obligations that others owe to the person's posts, or that only another may meet."""
    reach = reach_of(user)
    owed_to_me = Q(creditor_post__in=reach.post_ids) & ~_mine(reach)
    return Obligation.objects.open().filter(owed_to_me | (_mine(reach) & Q(not_by=user.pk)))


def _mine(reach: Reach) -> Q:
    return Q(debtor_post__in=reach.post_ids) | Q(debtor_enterprise__in=reach.enterprise_ids)


def my_work(user: Any, *, now: dt.datetime, page: int = 1, waiting_page: int = 1) -> Work:
    """Return what `user` owes and waits for, a page of each. Five queries, however much it is."""
    owed, awaited = owed_by(user), awaited_by(user)
    spans = _spans(now)
    counts = owed.aggregate(**{key: Count("pk", filter=span) for key, span in spans.items()})
    counts["waiting"] = awaited.count()
    return Work(
        counts=counts,
        owed=_page(owed, page, now=now, mine=True),
        waiting=_page(awaited, waiting_page, now=now, mine=False),
        coming=None if any(counts[key] for key in GROUPS) else _coming(user),
    )


def _spans(now: dt.datetime) -> dict[str, Q]:
    today = clock.local_date(now)
    sunday = today + dt.timedelta(days=6 - today.weekday())
    ahead = Q(due_at__gt=now)
    return {
        "overdue": ~ahead,
        "today": ahead & Q(due_on__lte=today),
        "week": ahead & Q(due_on__gt=today, due_on__lte=sunday),
        "later": ahead & Q(due_on__gt=sunday),
    }


def _group_of(row: Mapping[str, Any], now: dt.datetime) -> str:
    """Return the key of the group of a row; agrees with `_spans`."""
    today = clock.local_date(now)
    if row["due_at"] <= now:
        return "overdue"
    if row["due_on"] <= today:
        return "today"
    return "week" if row["due_on"] <= today + dt.timedelta(days=6 - today.weekday()) else "later"


def _page(rows: QuerySet[Obligation], number: int, *, now: dt.datetime, mine: bool) -> Page:
    number = max(number, 1)
    found = list(
        rows.order_by("due_at", "pk").values(
            "pk",
            "label",
            "params",
            "due_at",
            "due_on",
            "is_major",
            "site__name",
            "enterprise__name",
            "enterprise__name_en",
            "debtor_post__title",
            "debtor_post__title_en",
            "debtor_enterprise__name",
            "debtor_enterprise__name_en",
        )[(number - 1) * PAGE : number * PAGE + 1]
    )
    groups = [
        Group(key, label, [_task(row, now, mine) for row in found[:PAGE] if _group_of(row, now) == key])
        for key, label in GROUPS.items()
    ]
    return Page(
        groups=[group for group in groups if group.tasks],
        previous=number - 1 if number > 1 else None,
        next=number + 1 if len(found) > PAGE else None,
    )


def _task(row: Mapping[str, Any], now: dt.datetime, mine: bool) -> Task:
    enterprise = choose_from(row, "enterprise__")
    names = [enterprise] + [name for name in [row["site__name"]] if name and name != row["enterprise__name"]]
    debtor = choose_from(row, "debtor_post__") or choose_from(row, "debtor_enterprise__")
    over = days_over(row["due_on"], now)
    within_a_day = row["due_at"] != clock.day_end(row["due_on"])
    return Task(
        pk=row["pk"],
        title=words.title(row["label"], row["params"]),
        button=words.button(row["label"]),
        url=words.url(row["label"], row["params"], button=mine),
        where=" · ".join(names),
        debtor=debtor if debtor != enterprise else "",
        over=over,
        is_overdue=row["due_at"] <= now,
        until=row["due_at"] if within_a_day and over == 0 else None,
        is_major=row["is_major"],
    )


def _coming(user: Any) -> Next | None:
    """Return the next thing that a duty of the person's posts or enterprises will open."""
    reach = reach_of(user)
    duty = (
        Duty.objects.filter(Q(post__in=reach.post_ids) | Q(enterprise__in=reach.enterprise_ids))
        .filter(next_opens_at__isnull=False)
        .order_by("next_opens_at", "pk")
        .first()
    )
    if duty is None or duty.next_opens_at is None:
        return None
    return Next(words.name(duty.kind), clock.local_date(duty.next_opens_at))
