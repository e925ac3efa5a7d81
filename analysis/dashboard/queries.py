"""The dashboard's numbers. Each is counted within `visible_to` and names the list that it counts."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from analysis.dashboard.focus import Focus
from hazards.choices import OPEN, Grade, Owed, State
from hazards.models import Hazard, late
from responsibility.obligations.models import Obligation
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.models import District
from safegrid.kernel import clock

POINTS = 12  # of a curve
LATEST = 8  # rows of "longest late"
NAMES = 3  # to call


@dataclass(frozen=True)
class Tile:
    """One number with what it was, its curve, and the list it opens."""

    key: str
    label: str
    value: int
    url: str
    change: int | None = None
    better: str = "down"
    note: str = ""
    curve: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One place in the ranking."""

    place: District
    open: int
    overdue: int
    found: int
    closed: int
    in_time: int | None  # percent of what was closed in the period
    urls: dict[str, str]


@dataclass(frozen=True)
class Call:
    """Somebody to call: who leads a place where much is late."""

    place: District
    overdue: int
    holder: User | None
    url: str


def hazards_in(user: Any, focus: Focus) -> Any:
    """Return the hazards that the dashboard of `user` looks at."""
    return Hazard.objects.visible_to(user).filter(focus.q())


def _owed(user: Any, focus: Focus) -> Any:
    """Return the rectifications, open and done, that tell what was late when."""
    obligations = Obligation.objects.visible_to(user).filter(kind=Owed.RECTIFY)
    return obligations.filter(focus.q(industry="site__industry"))


def moments(focus: Focus) -> list[dt.datetime]:
    """Return the instants of a curve, the last of them now."""
    step = dt.timedelta(days=max(7, focus.days / POINTS))
    return [focus.now - step * i for i in reversed(range(POINTS))]


def _open_at(at: dt.datetime) -> Q:
    return Q(found_at__lte=at) & (Q(closed_at=None) | Q(closed_at__gt=at)) & ~Q(state=State.CANCELLED)


def curves(user: Any, focus: Focus) -> dict[str, list[int]]:
    """Return open, overdue, found and closed at each of `moments`. Two queries."""
    points = moments(focus)
    counts: dict[str, Any] = {}
    for i, at in enumerate(points):
        before = at - (points[1] - points[0])
        counts[f"open_{i}"] = Count("pk", filter=_open_at(at))
        counts[f"major_{i}"] = Count("pk", filter=_open_at(at) & Q(grade=Grade.MAJOR))
        counts[f"found_{i}"] = Count("pk", filter=Q(found_at__gt=before, found_at__lte=at))
        counts[f"closed_{i}"] = Count("pk", filter=Q(closed_at__gt=before, closed_at__lte=at))
    found = hazards_in(user, focus).aggregate(**counts)
    owed = _owed(user, focus).aggregate(
        **{f"overdue_{i}": Count("pk", filter=_late_at(at)) for i, at in enumerate(points)}
    )
    keys = ("open", "major", "found", "closed")
    series = {key: [found[f"{key}_{i}"] for i in range(POINTS)] for key in keys}
    return {**series, "overdue": [owed[f"overdue_{i}"] for i in range(POINTS)]}


def _late_at(at: dt.datetime) -> Q:
    return Q(due_at__lte=at) & (Q(closed_at=None) | Q(closed_at__gt=at))


def tiles(user: Any, focus: Focus, series: dict[str, list[int]]) -> list[Tile]:
    """Return the six tiles. Two queries."""
    then, start, before = focus.start, focus.start, focus.start_before
    count = hazards_in(user, focus).aggregate(
        open=Count("pk", filter=Q(state__in=OPEN)),
        open_then=Count("pk", filter=_open_at(then)),
        overdue=Count("pk", filter=late(focus.now)),
        accept=Count("pk", filter=Q(state__in=(State.TO_ACCEPT, State.TO_CONFIRM))),
        major=Count("pk", filter=Q(state__in=OPEN, grade=Grade.MAJOR)),
        major_then=Count("pk", filter=_open_at(then) & Q(grade=Grade.MAJOR)),
        found=Count("pk", filter=Q(found_at__gte=start)),
        found_before=Count("pk", filter=Q(found_at__gte=before, found_at__lt=start)),
        closed=Count("pk", filter=Q(closed_at__gte=start)),
        closed_before=Count("pk", filter=Q(closed_at__gte=before, closed_at__lt=start)),
        in_time=Count("pk", filter=Q(closed_at__gte=start, days_late__lte=0)),
    )
    late_then = _owed(user, focus).filter(_late_at(then)).count()
    since = focus.since.isoformat()
    share = percent(count["in_time"], count["closed"])
    return [
        Tile(
            "open",
            _("Open hazards"),
            count["open"],
            focus.hazards_url(tab="open"),
            count["open"] - count["open_then"],
            "down",
            curve=series["open"],
        ),
        Tile(
            "overdue",
            _("Overdue"),
            count["overdue"],
            focus.hazards_url(tab="overdue"),
            count["overdue"] - late_then,
            "down",
            curve=series["overdue"],
        ),
        Tile("accept", _("Waiting for acceptance"), count["accept"], focus.hazards_url(tab="accept")),
        Tile(
            "major",
            _("Major hazards open"),
            count["major"],
            focus.hazards_url(tab="major"),
            count["major"] - count["major_then"],
            "down",
            curve=series["major"],
        ),
        Tile(
            "found",
            _("Found"),
            count["found"],
            focus.hazards_url(tab="all", found_from=since),
            count["found"] - count["found_before"],
            "",
            curve=series["found"],
        ),
        Tile(
            "closed",
            _("Closed"),
            count["closed"],
            focus.hazards_url(tab="all", closed_from=since),
            count["closed"] - count["closed_before"],
            "up",
            note="" if share is None else _("%(share)s %% in time") % {"share": share},
            curve=series["closed"],
        ),
    ]


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, or None of nothing."""
    return round(100 * part / whole) if whole else None


def ranking(user: Any, focus: Focus) -> list[Row]:
    """Return the places below, the one with the most overdue first. Two queries."""
    level = focus.level_below(user)
    counts = list(
        hazards_in(user, focus)
        .exclude(**{level: None})
        .values(level)
        .annotate(
            open=Count("pk", filter=Q(state__in=OPEN)),
            overdue=Count("pk", filter=late(focus.now)),
            found=Count("pk", filter=Q(found_at__gte=focus.start)),
            closed=Count("pk", filter=Q(closed_at__gte=focus.start)),
            in_time=Count("pk", filter=Q(closed_at__gte=focus.start, days_late__lte=0)),
        )
    )
    places = District.objects.defer("boundary").in_bulk([row[level] for row in counts])
    since = focus.since.isoformat()
    rows = []
    for row in counts:
        here = {level: places[row[level]].code}
        rows.append(
            Row(
                place=places[row[level]],
                open=row["open"],
                overdue=row["overdue"],
                found=row["found"],
                closed=row["closed"],
                in_time=percent(row["in_time"], row["closed"]),
                urls={
                    "open": focus.hazards_url(tab="open", **here),
                    "overdue": focus.hazards_url(tab="overdue", **here),
                    "found": focus.hazards_url(tab="all", found_from=since, **here),
                    "closed": focus.hazards_url(tab="all", closed_from=since, **here),
                },
            )
        )
    return sorted(rows, key=lambda r: (-r.overdue, -r.open, r.place.code))


def longest_late(user: Any, focus: Focus) -> list[Hazard]:
    """Return the hazards that are late for the longest. One query."""
    rows = hazards_in(user, focus).filter(late(focus.now))
    found = list(rows.select_related("enterprise", "township", "district").order_by("due_on", "pk")[:LATEST])
    for row in found:
        row.over = row.days_over(focus.now)  # type: ignore[attr-defined]
    return found


def to_call(user: Any, focus: Focus) -> list[Call]:
    """Return who leads the townships in which most is late. Four queries at most."""
    rows = hazards_in(user, focus).filter(late(focus.now)).exclude(township=None)
    top = list(rows.values("township").annotate(n=Count("pk")).order_by("-n", "township")[:NAMES])
    places = District.objects.defer("boundary").in_bulk([row["township"] for row in top])
    posts = {
        post.unit.district_id: post.pk
        for post in Post.objects.filter(kind=PostKind.HEAD, unit__district__in=places).select_related("unit")
        if post.unit is not None
    }
    manned = holders(posts.values(), on=clock.local_date(focus.now))
    return [
        Call(
            place=places[row["township"]],
            overdue=row["n"],
            holder=manned.get(posts.get(row["township"], 0)),
            url=focus.hazards_url(tab="overdue", township=places[row["township"]].code),
        )
        for row in top
    ]


def ageing(user: Any, focus: Focus) -> list[tuple[str, int, str]]:
    """Return how long what is open has been open, as (words, number, list). One query."""
    today = clock.local_date(focus.now)
    bounds = [(0, 7), (8, 30), (31, 90), (91, None)]
    spans = [
        (today - dt.timedelta(days=last) if last is not None else None, today - dt.timedelta(days=first))
        for first, last in bounds
    ]
    counts = hazards_in(user, focus).aggregate(
        **{
            f"span_{i}": Count(
                "pk",
                filter=Q(state__in=OPEN, found_at__lt=clock.day_end(upto))
                & (Q(found_at__gte=clock.day_start(since)) if since else Q()),
            )
            for i, (since, upto) in enumerate(spans)
        }
    )
    found = []
    for i, (since, upto) in enumerate(spans):
        first, last = bounds[i]
        words = (
            _("%(first)s–%(last)s days") % {"first": first, "last": last}
            if last is not None
            else _("over %(last)s days") % {"last": first - 1}
        )
        asked = {"found_to": upto.isoformat()} | ({"found_from": since.isoformat()} if since else {})
        found.append((words, counts[f"span_{i}"], focus.hazards_url(tab="open", **asked)))
    return found
