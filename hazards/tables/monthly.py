"""Table 2, the monthly table (月报): by place or by industry, the month and what adds up since January.

What was found and struck off is counted as the dashboard and the list count it, by day and present place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from hazards.choices import Grade, State
from hazards.models import Hazard
from hazards.tables.sockets import INDUSTRY, Asked, Figure, Number, figures
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.periods import period_of
from safegrid.grid.counts import Narrowing
from safegrid.grid.models import District, Industry
from safegrid.grid.queries import places_reached
from safegrid.kernel.office_tables import Head, OfficeTable, Value

GRADES = (Grade.GENERAL, Grade.MAJOR)


@dataclass(frozen=True)
class Sums:
    """What was found of one grade, what of that is kept and struck off by now, and what was struck off."""

    found: int = 0
    kept: int = 0
    kept_closed: int = 0
    closed: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.found + other.found,
            self.kept + other.kept,
            self.kept_closed + other.kept_closed,
            self.closed + other.closed,
        )

    def cells(self) -> tuple[Value, ...]:
        """Return found, struck off, and the rate in per cent: none where nothing was found."""
        return self.found, self.closed, 100 * self.kept_closed / self.kept if self.kept else None


Groups = Mapping[int | None, Mapping[str, Sums]]


def counted(asked: Asked) -> Groups:
    """Return what was found and struck off by group and grade. Two queries."""
    rows = Hazard.objects.visible_to(asked.user).filter(asked.narrowing.q()).order_by()
    by = rows.annotate(group=asked.group()).values_list("group", "grade")
    is_closed = Q(state=State.CLOSED)
    found: dict[int | None, dict[str, Sums]] = {}
    for group, grade, n, kept, kept_closed in by.filter(asked.during("found_at")).annotate(
        n=Count("pk"),
        kept=Count("pk", filter=~Q(state=State.CANCELLED)),
        kept_closed=Count("pk", filter=is_closed),
    ):
        found.setdefault(group, {})[grade] = Sums(n, kept, kept_closed)
    for group, grade, n in by.filter(is_closed, asked.during("closed_at")).annotate(n=Count("pk")):
        sums = found.setdefault(group, {})
        sums[grade] = sums.get(grade, Sums()) + Sums(closed=n)
    return found


def _planned(asked: Asked, **what: Any) -> Mapping[int | None, Number]:
    """Return something of the plans for major hazards that were submitted in the days. One query."""
    rows = Hazard.objects.visible_to(asked.user).filter(
        asked.narrowing.q(), asked.during("plan__submitted_at")
    )
    groups = rows.order_by().annotate(group=asked.group()).values_list("group")
    return dict(groups.annotate(**what))


figures.plug(
    "planned",
    Figure(_("Major with a plan"), lambda asked: _planned(asked, n=Count("pk"))),
    order=30,
)
figures.plug(
    "funds",
    Figure(_("Funds planned, yuan"), lambda asked: _planned(asked, n=Sum("plan__funds")), width=13),
    order=60,
)


def office_table(user: Any, *, month: dt.date, by: str, narrowing: Narrowing, today: dt.date) -> OfficeTable:
    """Return the table of what `user` reads: of the month of the day `month`, and of its year up to then.

    `by` is "district", "township" or INDUSTRY.
    """
    _name, first, following = period_of(month, Rhythm.MONTHLY)
    last = min(following - dt.timedelta(days=1), today)
    spans = [
        Asked(user, narrowing, first, last, by),
        Asked(user, narrowing, dt.date(first.year, 1, 1), last, by),
    ]
    blocks = [_block(asked) for asked in spans]
    found = {group for block in blocks for group in block.groups}
    named = _names(by, user, narrowing, found)
    titles = (gettext("This month"), gettext("Since January"))
    return OfficeTable(
        name=gettext("Monthly table"),
        title=gettext("Hazards found and put right, %(month)s") % {"month": first.strftime("%Y-%m")},
        note=gettext(
            "%(first)s to %(last)s, and since January. Rate: how much of what was found is struck off by now."
        )
        % {"first": first.isoformat(), "last": last.isoformat()},
        heads=(
            Head(gettext("Industry") if by == INDUSTRY else gettext("Place"), 26),
            *(head for title in titles for head in _heads(title)),
        ),
        rows=_rows(named, blocks),
    )


def _heads(title: str) -> Iterator[Head]:
    for grade in GRADES:
        for words in (pgettext("table", "%(grade)s found"), pgettext("table", "%(grade)s struck off")):
            yield Head(words % {"grade": grade.label}, 10, title)
        yield Head(gettext("Rate, %"), 8, title)
    for figure in figures:
        yield Head(figure.label, figure.width, title)


@dataclass(frozen=True)
class Block:
    """What was counted in one span: by group and grade, and the figures that are plugged in."""

    sums: Groups
    others: Sequence[Mapping[int | None, Number]]
    totals: Sequence[Number | None]  # of the others, where they do not add up

    @property
    def groups(self) -> set[int | None]:
        """The groups in which there is anything."""
        return set(self.sums).union(*self.others)

    def cells(self, groups: Sequence[int | None], *, is_total: bool = False) -> Iterator[Value]:
        """Yield the cells of some groups together, or of all of them."""
        for grade in GRADES:
            grades = (self.sums.get(group, {}).get(grade, Sums()) for group in groups)
            yield from sum(grades, Sums()).cells()
        for other, total in zip(self.others, self.totals, strict=True):
            yield total if is_total and total is not None else sum(other.get(group, 0) for group in groups)


def _block(asked: Asked) -> Block:
    return Block(
        counted(asked),
        [figure.read(asked) for figure in figures],
        [figure.altogether(asked) if figure.altogether else None for figure in figures],
    )


def _rows(named: Mapping[int | None, str], blocks: Sequence[Block]) -> Iterator[tuple[Value, ...]]:
    for group, name in named.items():
        yield (name, *(cell for block in blocks for cell in block.cells([group])))
    if len(named) > 1:
        every = (cell for block in blocks for cell in block.cells([*named], is_total=True))
        yield (gettext("Altogether"), *every)


def _names(by: str, user: Any, narrowing: Narrowing, found: set[int | None]) -> dict[int | None, str]:
    """Return the names of the lines in their order: the places that `user` reaches, and what was counted."""
    ids = {pk for pk in found if pk is not None}
    if by == INDUSTRY:
        rows = list(Industry.objects.filter(pk__in=ids).order_by("code"))
    else:
        reached = places_reached(user, by)
        if narrowing.place is not None:
            reached = reached.filter(path__startswith=narrowing.place.path)
        rows = list(reached)
        rows += (
            District.objects.filter(pk__in=ids - {row.pk for row in rows}).order_by("path").defer("boundary")
        )
    named: dict[int | None, str] = {row.pk: row.label for row in rows}
    return named | ({None: gettext("not known")} if None in found else {})
