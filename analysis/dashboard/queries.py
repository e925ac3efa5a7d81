"""The dashboard's numbers. Each is counted within what somebody may read and names the list it counts."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from analysis.dashboard.figures import DAY, Figures
from hazards.models import Hazard, late
from responsibility.instructions.subjects import mark
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.accounts.queries import holders
from safegrid.grid.counts import Span
from safegrid.grid.models import District

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


def tiles(figures: Figures) -> list[Tile]:
    """Return the six tiles."""
    focus, counts, curves = figures.focus, figures.hazards, figures.curves
    period, before = Span(focus.since), Span(focus.since_before, focus.since - DAY)
    found, closed = counts.of("found", period), counts.of("closed", period)
    share = percent(counts.of("closed_in_time", period), closed)
    since = focus.since.isoformat()
    return [
        Tile(
            "open",
            _("Open hazards"),
            counts.of("open"),
            focus.hazards_url(tab="open"),
            counts.of("open") - figures.open_at(focus.since),
            "down",
            curve=curves["open"],
        ),
        Tile(
            "overdue",
            _("Overdue"),
            figures.overdue,
            focus.hazards_url(tab="overdue"),
            figures.overdue - figures.overdue_at(focus.since),
            "down",
            curve=curves["overdue"],
        ),
        Tile("accept", _("Waiting for acceptance"), counts.of("accept"), focus.hazards_url(tab="accept")),
        Tile(
            "major",
            _("Major hazards open"),
            counts.of("major"),
            focus.hazards_url(tab="major"),
            counts.of("major") - figures.major_at(focus.since),
            "down",
            curve=curves["major"],
        ),
        Tile(
            "found",
            _("Found"),
            found,
            focus.hazards_url(tab="all", found_from=since),
            found - counts.of("found", before),
            "",
            curve=curves["found"],
        ),
        Tile(
            "closed",
            _("Closed"),
            closed,
            focus.hazards_url(tab="all", closed_from=since),
            closed - counts.of("closed", before),
            "up",
            note="" if share is None else _("%(share)s %% in time") % {"share": share},
            curve=curves["closed"],
        ),
    ]


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, or None of nothing."""
    return round(100 * part / whole) if whole else None


def ranking(figures: Figures) -> list[Row]:
    """Return the places below, the one with the most overdue first. One query beside the figures'."""
    focus, level, counts, period = figures.focus, figures.level, figures.by_place, figures.period_by_place
    overdue = figures.overdue_by(counts, level)
    places = District.objects.defer("boundary").in_bulk({*counts.groups, *period.groups, *overdue})
    since = focus.since.isoformat()
    rows = []
    for pk, place in places.items():
        here = {level: place.code}
        closed = period.of("closed", group=pk)
        rows.append(
            Row(
                place=place,
                open=counts.of("open", group=pk),
                overdue=overdue[pk],
                found=period.of("found", group=pk),
                closed=closed,
                in_time=percent(period.of("closed_in_time", group=pk), closed),
                urls={
                    "open": focus.hazards_url(tab="open", **here),
                    "overdue": focus.hazards_url(tab="overdue", **here),
                    "found": focus.hazards_url(tab="all", found_from=since, **here),
                    "closed": focus.hazards_url(tab="all", closed_from=since, **here),
                },
            )
        )
    return sorted(rows, key=lambda r: (-r.overdue, -r.open, r.place.code))


def longest_late(figures: Figures) -> list[Hazard]:
    """Return the hazards that are late for the longest. One query."""
    focus = figures.focus
    rows = Hazard.objects.visible_to(figures.user).filter(focus.narrowing.q(), late(focus.now))
    found = list(rows.select_related("enterprise", "township", "district").order_by("due_on", "pk")[:LATEST])
    for row in found:
        row.over = row.days_over(focus.now)  # type: ignore[attr-defined]
        row.mark = mark(row)  # type: ignore[attr-defined]
    return found


def to_call(figures: Figures) -> list[Call]:
    """Return who leads the townships in which most is late. Three queries beside the figures'."""
    top = figures.overdue_by(figures.due_by_township, "township").most_common(NAMES)
    places = District.objects.defer("boundary").in_bulk([pk for pk, _n in top])
    posts = {
        post.unit.district_id: post.pk
        for post in Post.objects.filter(kind=PostKind.HEAD, unit__district__in=places).select_related("unit")
        if post.unit is not None
    }
    manned = holders(posts.values(), on=figures.today)
    return [
        Call(
            place=places[pk],
            overdue=n,
            holder=manned.get(posts.get(pk, 0)),
            url=figures.focus.hazards_url(tab="overdue", township=places[pk].code),
        )
        for pk, n in top
    ]


#: How long something has been open: from so many days to so many.
AGES = ((0, 7), (8, 30), (31, 90), (91, None))


def ageing(figures: Figures) -> list[tuple[str, int, str]]:
    """Return how long what is open has been open, as (words, number, list)."""
    found = []
    for first, last in AGES:
        upto = figures.today - first * DAY
        since = None if last is None else figures.today - last * DAY
        span = Span(last=upto) if since is None else Span(since, upto)
        words = (
            _("over %(last)s days") % {"last": first - 1}
            if last is None
            else _("%(first)s–%(last)s days") % {"first": first, "last": last}
        )
        asked = {"found_to": upto.isoformat()} | ({"found_from": since.isoformat()} if since else {})
        number = figures.hazards.of("open_since", span)
        found.append((words, number, figures.focus.hazards_url(tab="open", **asked)))
    return found
