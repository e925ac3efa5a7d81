"""What a person owes, and what they wait for: the first page of everybody."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.obligations import words
from responsibility.obligations.models import Duty
from safegrid.kernel import clock
from safegrid.kernel.names import choose
from safegrid.kernel.prepared import Prepared
from safegrid.kernel.scope import reach_of

PAGE, WAITING = 30, 10  # rows of what is owed, and of what is waited for

#: How far off a deadline is, from near to far.
GROUPS = {
    "overdue": _("Overdue"),
    "today": pgettext_lazy("due", "Today"),
    "week": _("This week"),
    "later": _("Later"),
}


class Task(NamedTuple):
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


#: The numbers of GROUPS and of what is awaited, in words of their own, because they are on everybody's first
#: page; indexes alone answer. $1 the person's posts, $2 enterprises, $3 the person, $4 now, $5 when today is
#: over, $6 when this week is. What only another may do is not owed but awaited.
COUNTS = Prepared(
    "my_work_counts",
    """
    WITH anothers AS (
        SELECT due_at FROM responsibility_obligation
        WHERE closed_at IS NULL AND not_by_id = $3
        AND (debtor_post_id = ANY($1) OR debtor_enterprise_id = ANY($2))
    ), owed AS (
        SELECT due_at, 1 AS n FROM responsibility_obligation
        WHERE closed_at IS NULL AND debtor_post_id = ANY($1)
        UNION ALL
        SELECT due_at, 1 FROM responsibility_obligation
        WHERE closed_at IS NULL AND debtor_enterprise_id = ANY($2)
        UNION ALL
        SELECT due_at, -1 FROM anothers
    )
    SELECT coalesce(sum(n) FILTER (WHERE due_at <= $4), 0),
        coalesce(sum(n) FILTER (WHERE due_at > $4 AND due_at <= $5), 0),
        coalesce(sum(n) FILTER (WHERE due_at > $4 AND due_at > $5 AND due_at <= $6), 0),
        coalesce(sum(n) FILTER (WHERE due_at > $4 AND due_at > $6), 0),
        (SELECT count(*) FROM anothers) + (
            SELECT count(*) FROM responsibility_obligation
            WHERE closed_at IS NULL AND creditor_post_id = ANY($1)
            AND (debtor_post_id = ANY($1)) IS NOT TRUE AND (debtor_enterprise_id = ANY($2)) IS NOT TRUE
        )
    FROM owed
    """,
    "bigint[]",
    "bigint[]",
    "bigint",
    *("timestamptz",) * 3,
)

#: A page of both. $4 rows of what is owed, $5 how many before them; $6 and $7 the same of what is awaited.
ROWS = Prepared(
    "my_work_rows",
    """
    WITH posts AS (SELECT unnest($1) AS id), bodies AS (SELECT unnest($2) AS id), owed AS (
        SELECT first.* FROM posts, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND debtor_post_id = posts.id AND not_by_id IS DISTINCT FROM $3
            ORDER BY due_at, id LIMIT $4 + $5
        ) AS first
        UNION ALL
        SELECT first.* FROM bodies, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND debtor_enterprise_id = bodies.id AND not_by_id IS DISTINCT FROM $3
            ORDER BY due_at, id LIMIT $4 + $5
        ) AS first
    ), awaited AS (
        SELECT first.* FROM posts, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND creditor_post_id = posts.id
            AND (debtor_post_id = ANY($1)) IS NOT TRUE AND (debtor_enterprise_id = ANY($2)) IS NOT TRUE
            ORDER BY due_at, id LIMIT $6 + $7
        ) AS first
        UNION ALL
        SELECT id, due_at FROM responsibility_obligation
        WHERE closed_at IS NULL AND not_by_id = $3
        AND (debtor_post_id = ANY($1) OR debtor_enterprise_id = ANY($2))
    ), page AS (
        (SELECT id, TRUE AS is_owed FROM owed ORDER BY due_at, id LIMIT $4 OFFSET $5)
        UNION ALL
        (SELECT id, FALSE FROM awaited ORDER BY due_at, id LIMIT $6 OFFSET $7)
    )
    SELECT page.is_owed, owed.id, owed.label, owed.params, owed.due_at, owed.due_on, owed.is_major, site.name,
        enterprise.name, enterprise.name_en,
        coalesce(post.title, body.name), coalesce(post.title_en, body.name_en)
    FROM page
    JOIN responsibility_obligation AS owed ON owed.id = page.id
    LEFT JOIN grid_site AS site ON site.id = owed.site_id
    LEFT JOIN grid_enterprise AS enterprise ON enterprise.id = owed.enterprise_id
    LEFT JOIN accounts_post AS post ON post.id = owed.debtor_post_id
    LEFT JOIN grid_enterprise AS body ON body.id = owed.debtor_enterprise_id
    ORDER BY owed.due_at, owed.id
    """,
    "bigint[]",
    "bigint[]",
    *("bigint",) * 5,
)


class Row(NamedTuple):
    """A row of ROWS."""

    is_owed: bool
    pk: int
    label: str
    params: str  # in JSON
    due_at: dt.datetime
    due_on: dt.date
    is_major: bool
    site: str | None
    enterprise: str | None
    enterprise_en: str | None
    debtor: str
    debtor_en: str


def my_work(user: Any, *, now: dt.datetime, page: int = 1, waiting_page: int = 1) -> Work:
    """Return what `user` owes and waits for, a page of each. Two queries, three when nothing is owed."""
    reach = reach_of(user)
    mine = (list(reach.post_ids), list(reach.enterprise_ids), user.pk)
    today = clock.local_date(now)
    (found,) = COUNTS.rows(*mine, now, clock.day_end(today), clock.day_end(_sunday(today)))
    counts = dict(zip([*GROUPS, "waiting"], found, strict=True))
    spans = [(size + 1, (max(n, 1) - 1) * size) for size, n in ((PAGE, page), (WAITING, waiting_page))]
    rows = [Row(*row) for row in ROWS.rows(*mine, *spans[0], *spans[1])]
    return Work(
        counts=counts,
        owed=_page([row for row in rows if row.is_owed], page, PAGE, now=now),
        waiting=_page([row for row in rows if not row.is_owed], waiting_page, WAITING, now=now),
        coming=None if any(counts[key] for key in GROUPS) else _coming(user),
    )


def _sunday(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=6 - today.weekday())


def _group_of(row: Row, now: dt.datetime, today: dt.date) -> str:
    """Return the key of the group of a row; agrees with COUNTS."""
    if row.due_at <= now:
        return "overdue"
    if row.due_on <= today:
        return "today"
    return "week" if row.due_on <= _sunday(today) else "later"


def _page(rows: Sequence[Row], number: int, size: int, *, now: dt.datetime) -> Page:
    today = clock.local_date(now)
    tasks: dict[str, list[Task]] = {key: [] for key in GROUPS}
    for row in rows[:size]:
        tasks[_group_of(row, now, today)].append(_task(row, now, today))
    return Page(
        groups=[Group(key, label, tasks[key]) for key, label in GROUPS.items() if tasks[key]],
        previous=number - 1 if number > 1 else None,
        next=number + 1 if len(rows) > size else None,
    )


def _task(row: Row, now: dt.datetime, today: dt.date) -> Task:
    params = json.loads(row.params)
    enterprise = choose(row.enterprise, row.enterprise_en)
    debtor = choose(row.debtor, row.debtor_en)
    title = words.title(row.label, params)
    places = (enterprise, row.site if row.site != row.enterprise else "")
    over = (today - row.due_on).days
    return Task(
        pk=row.pk,
        title=title,
        button=words.button(row.label),
        url=words.url(row.label, params, button=row.is_owed),
        where=" · ".join(name for name in places if name and name not in title),
        debtor=debtor if debtor != enterprise else "",
        over=over,
        is_overdue=row.due_at <= now,
        until=row.due_at if over == 0 and row.due_at != clock.day_end(row.due_on) else None,
        is_major=row.is_major,
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
