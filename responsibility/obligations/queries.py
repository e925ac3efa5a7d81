"""What a person owes, and what they wait for: the first page of everybody."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.obligations import words
from safegrid.kernel import clock
from safegrid.kernel.names import choose_each
from safegrid.kernel.prepared import Prepared
from safegrid.kernel.scope import reach_of

PAGE = 12  # rows: a full screen, the most urgent first

#: How far off a deadline is, from near to far.
GROUPS = {
    "overdue": _("Overdue"),
    "today": pgettext_lazy("due", "Today"),
    "week": _("This week"),
    "later": _("Later"),
}
#: Those that are counted: what is due later is a row, and nobody asks how many there are.
COUNTED = ("overdue", "today", "week")


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
    """What a person owes at one moment."""

    counts: Mapping[str, int]  # by the keys of COUNTED
    owed: Page
    coming: Next | None

    @property
    def is_empty(self) -> bool:
        """Whether the person owes nothing."""
        return not self.owed.groups and self.owed.previous is None

    @property
    def due_this_week(self) -> int:
        """How many are due this week, today included."""
        return self.counts["today"] + self.counts["week"]


@dataclass(frozen=True)
class Waiting:
    """What a person waits for at one moment."""

    count: int
    page: Page


#: The rows of a page, in words; `page` holds their ids.
SHOWN = """
    page.id, shown.label, shown.params, shown.due_at, shown.due_on, shown.is_major, site.name,
    enterprise.name, enterprise.name_en,
    coalesce(post.title, body.name), coalesce(post.title_en, body.name_en)
"""
NAMED = """
    LEFT JOIN responsibility_obligation AS shown ON shown.id = page.id
    LEFT JOIN grid_site AS site ON site.id = shown.site_id
    LEFT JOIN grid_enterprise AS enterprise ON enterprise.id = shown.enterprise_id
    LEFT JOIN accounts_post AS post ON post.id = shown.debtor_post_id
    LEFT JOIN grid_enterprise AS body ON body.id = shown.debtor_enterprise_id
    ORDER BY shown.due_at, shown.id
"""

#: The numbers of COUNTED and a page of the rows, in words of their own, because they are on everybody's first
#: page; indexes alone answer for the numbers. $1 the person's posts, $2 enterprises, $3 the person, $4 now,
#: $5 when today is over, $6 when this week is, $7 rows, $8 how many before them. What only another may do is
#: not owed but awaited. Where there is no row, one comes with the numbers alone.
OWED = Prepared(
    "my_work",
    f"""
    WITH owed AS (
        SELECT due_at, 1 AS n FROM responsibility_obligation
        WHERE closed_at IS NULL AND debtor_post_id = ANY($1) AND due_at <= $6
        UNION ALL
        SELECT due_at, 1 FROM responsibility_obligation
        WHERE closed_at IS NULL AND debtor_enterprise_id = ANY($2) AND due_at <= $6
        UNION ALL
        SELECT due_at, -1 FROM responsibility_obligation
        WHERE closed_at IS NULL AND not_by_id = $3 AND due_at <= $6
        AND (debtor_post_id = ANY($1) OR debtor_enterprise_id = ANY($2))
    ), counts AS (
        SELECT coalesce(sum(n) FILTER (WHERE due_at <= $4), 0),
            coalesce(sum(n) FILTER (WHERE due_at > $4 AND due_at <= $5), 0),
            coalesce(sum(n) FILTER (WHERE due_at > $4 AND due_at > $5), 0)
        FROM owed
    ), first AS (
        SELECT soonest.* FROM unnest($1) AS post, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND debtor_post_id = post AND not_by_id IS DISTINCT FROM $3
            ORDER BY due_at, id LIMIT $7 + $8
        ) AS soonest
        UNION ALL
        SELECT soonest.* FROM unnest($2) AS enterprise, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND debtor_enterprise_id = enterprise AND not_by_id IS DISTINCT FROM $3
            ORDER BY due_at, id LIMIT $7 + $8
        ) AS soonest
    ), page AS (SELECT id FROM first ORDER BY due_at, id LIMIT $7 OFFSET $8)
    SELECT counts.*, {SHOWN} FROM counts LEFT JOIN page ON TRUE {NAMED}
    """,  # noqa: S608 (our own words)
    "bigint[]",
    "bigint[]",
    "bigint",
    *("timestamptz",) * 3,
    *("bigint",) * 2,
)

#: The same of what is awaited: its number and a page. $4 rows, $5 how many before them.
AWAITED = Prepared(
    "my_work_awaited",
    f"""
    WITH anothers AS (
        SELECT id, due_at FROM responsibility_obligation
        WHERE closed_at IS NULL AND not_by_id = $3
        AND (debtor_post_id = ANY($1) OR debtor_enterprise_id = ANY($2))
    ), counts AS (
        SELECT (SELECT count(*) FROM anothers) + (
            SELECT count(*) FROM responsibility_obligation
            WHERE closed_at IS NULL AND creditor_post_id = ANY($1)
            AND (debtor_post_id = ANY($1)) IS NOT TRUE AND (debtor_enterprise_id = ANY($2)) IS NOT TRUE
        )
    ), first AS (
        SELECT soonest.* FROM unnest($1) AS post, LATERAL (
            SELECT id, due_at FROM responsibility_obligation
            WHERE closed_at IS NULL AND creditor_post_id = post
            AND (debtor_post_id = ANY($1)) IS NOT TRUE AND (debtor_enterprise_id = ANY($2)) IS NOT TRUE
            ORDER BY due_at, id LIMIT $4 + $5
        ) AS soonest
        UNION ALL
        SELECT id, due_at FROM anothers
    ), page AS (SELECT id FROM first ORDER BY due_at, id LIMIT $4 OFFSET $5)
    SELECT counts.*, {SHOWN} FROM counts LEFT JOIN page ON TRUE {NAMED}
    """,  # noqa: S608 (our own words)
    "bigint[]",
    "bigint[]",
    *("bigint",) * 3,
)


#: What a duty opens next. $1 posts, $2 enterprises.
COMING = Prepared(
    "my_work_coming",
    """
    SELECT kind, next_opens_at FROM responsibility_duty
    WHERE (post_id = ANY($1) OR enterprise_id = ANY($2)) AND next_opens_at IS NOT NULL
    ORDER BY next_opens_at, id LIMIT 1
    """,
    "bigint[]",
    "bigint[]",
)


class Row(NamedTuple):
    """A row of SHOWN."""

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


def my_work(user: Any, *, now: dt.datetime, page: int = 1) -> Work:
    """Return what `user` owes, a page of it. One query, two when nothing is owed."""
    today = clock.local_date(now)
    ends = (now, clock.day_end(today), clock.day_end(_sunday(today)))
    found, rows = _found(OWED.rows(*_mine(user), *ends, *_span(page)), len(COUNTED))
    owed = _page(rows, page, now=now, is_owed=True)
    return Work(dict(zip(COUNTED, found, strict=True)), owed, coming=None if rows else _coming(user))


def awaited(user: Any, *, now: dt.datetime, page: int = 1) -> Waiting:
    """Return what `user` waits for, a page of it. One query."""
    (count,), rows = _found(AWAITED.rows(*_mine(user), *_span(page)), 1)
    return Waiting(count, _page(rows, page, now=now, is_owed=False))


def _mine(user: Any) -> tuple[list[int], list[int], int]:
    reach = reach_of(user)
    return list(reach.post_ids), list(reach.enterprise_ids), user.pk


def _span(page: int) -> tuple[int, int]:
    """Return how many rows are read of a page, one more than it shows, and how many come before."""
    return PAGE + 1, (max(page, 1) - 1) * PAGE


def _found(rows: Sequence[tuple[Any, ...]], numbers: int) -> tuple[tuple[int, ...], list[Row]]:
    """Return the numbers that every row begins with, and the rows themselves."""
    return rows[0][:numbers], [Row(*row[numbers:]) for row in rows if row[numbers] is not None]


def _sunday(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=6 - today.weekday())


def _group_of(row: Row, now: dt.datetime, today: dt.date) -> str:
    """Return the key of the group of a row; agrees with OWED."""
    if row.due_at <= now:
        return "overdue"
    if row.due_on <= today:
        return "today"
    return "week" if row.due_on <= _sunday(today) else "later"


def _page(rows: Sequence[Row], number: int, *, now: dt.datetime, is_owed: bool) -> Page:
    today = clock.local_date(now)
    shown = rows[:PAGE]
    enterprises = choose_each([row.enterprise for row in shown], [row.enterprise_en for row in shown])
    debtors = choose_each([row.debtor for row in shown], [row.debtor_en for row in shown])
    tasks: dict[str, list[Task]] = {key: [] for key in GROUPS}
    for row, enterprise, debtor in zip(shown, enterprises, debtors, strict=True):
        task = _task(row, enterprise, debtor, now=now, today=today, is_owed=is_owed)
        tasks[_group_of(row, now, today)].append(task)
    return Page(
        groups=[Group(key, label, tasks[key]) for key, label in GROUPS.items() if tasks[key]],
        previous=number - 1 if number > 1 else None,
        next=number + 1 if len(rows) > PAGE else None,
    )


def _task(row: Row, enterprise: str, debtor: str, *, now: dt.datetime, today: dt.date, is_owed: bool) -> Task:
    """Return a row in words; `enterprise` and `debtor` are so already."""
    params = json.loads(row.params)
    title, button = words.title_and_button(row.label, params)
    places = (enterprise, row.site if row.site != row.enterprise else "")
    over = (today - row.due_on).days
    return Task(
        pk=row.pk,
        title=title,
        button=button,
        url=words.url(row.label, params, button=is_owed),
        where=" · ".join(name for name in places if name and name not in title),
        debtor=debtor if debtor != enterprise else "",
        over=over,
        is_overdue=row.due_at <= now,
        until=row.due_at if over == 0 and row.due_at != clock.day_end(row.due_on) else None,
        is_major=row.is_major,
    )


def _coming(user: Any) -> Next | None:
    """Return the next thing that a duty of the person's posts or enterprises will open."""
    posts, enterprises, _pk = _mine(user)
    for kind, opens_at in COMING.rows(posts, enterprises):
        return Next(words.name(kind), clock.local_date(opens_at))
    return None
