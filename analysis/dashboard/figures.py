"""What a dashboard counts, read once: sums that are kept, and what has fallen due in the course of today."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import Q

from analysis.dashboard.focus import Focus
from hazards.counts import hazards, late_today, past, rectifications
from safegrid.grid.counts import ALWAYS, MATTER, WHOLE, Counts, Reader, Span
from safegrid.grid.models import Matter
from safegrid.kernel import clock
from safegrid.kernel.scope import LEVELS

POINTS = 12  # of a curve
DAY = dt.timedelta(days=1)


class Figures:
    """The numbers of one look. A past point of a curve is as its day began, the last one as it is now."""

    def __init__(self, user: Any, focus: Focus) -> None:
        self.user, self.focus = user, focus
        self.today = clock.local_date(focus.now)
        step = max(7, -(-focus.days // POINTS)) * DAY
        self.days = [self.today - step * i for i in reversed(range(POINTS))]
        self.before = self.days[0] - step  # a curve's first point counts from here
        self.level = focus.level_below(user)
        self.reader = Reader(user, focus.narrowing)

    @cached_property
    def hazards(self) -> Counts:
        """What stands in the register, and what was found and closed since the curves begin."""
        since = Span(min(self.before, self.focus.since_before))
        wanted = dict.fromkeys(("open", "major", "accept", "open_since"), Span())
        flows = ("found", "kept", "kept_major", "closed", "closed_major", "closed_in_time")
        return self.reader.read(hazards, wanted | dict.fromkeys(flows, since) | {"due": past(self.focus.now)})

    @cached_property
    def by_place(self) -> Counts:
        """What is open and what has fallen due, by the places below."""
        return self.reader.read(hazards, {"open": ALWAYS, "due": past(self.focus.now)}, by=self.level)

    @cached_property
    def period_by_place(self) -> Counts:
        """What was found and closed in the period, by the places below."""
        wanted = dict.fromkeys(("found", "closed", "closed_in_time"), Span(self.focus.since))
        start = clock.day_start(self.focus.since)
        recent = Q(found_at__gte=start) | Q(closed_at__gte=start)
        return self.reader.read(hazards, wanted, by=self.level, rows=recent)

    @cached_property
    def due_by_township(self) -> Counts:
        """What has fallen due, by township."""
        return self.reader.read(hazards, {"due": past(self.focus.now)}, by="township")

    @cached_property
    def due_by_matter(self) -> Counts:
        """What has fallen due, by matter."""
        return self.reader.read(hazards, {"due": past(self.focus.now)}, by=MATTER)

    @cached_property
    def rectifications(self) -> Counts:
        """What became late and ceased to be since the curves begin."""
        first = min(self.days[0], self.focus.since)
        wanted = {"became_late": Span(first, self.today - DAY), "ended_late": Span(first)}
        return self.reader.read(rectifications, wanted)

    @cached_property
    def late_today(self) -> dict[str, Counter[int]]:
        """What is late though its day is not over: it was due at an hour. By level and matter. One query."""
        rows = late_today(self.user, self.focus.narrowing, now=self.focus.now)
        found: dict[str, Counter[int]] = {name: Counter() for name in ("", *LEVELS, MATTER)}
        roots: dict[str, int] = {}
        for row in rows.values(*(f"{level}_id" for level in LEVELS), "matter__path"):
            roots = roots or dict(Matter.objects.filter(depth=1).values_list("path", "pk"))
            found[""][WHOLE] += 1
            found[MATTER][roots[row["matter__path"][: Matter.steplen]]] += 1
            for level in LEVELS:
                if row[f"{level}_id"]:
                    found[level][row[f"{level}_id"]] += 1
        return found

    @property
    def overdue(self) -> int:
        """How many are late now."""
        return self.hazards.of("due") + self.late_today[""][WHOLE]

    def overdue_by(self, counts: Counts, by: str) -> Counter[int]:
        """Return how many are late now in each group of `counts`."""
        found = Counter({group: counts.of("due", group=group) for group in counts.groups})
        found.update(self.late_today[by])
        return +found

    def open_at(self, day: dt.date) -> int:
        """Return how many were open as `day` began."""
        since = Span(day)
        return self.hazards.of("open") - self.hazards.of("kept", since) + self.hazards.of("closed", since)

    def major_at(self, day: dt.date) -> int:
        """Return how many major ones were open as `day` began."""
        since = Span(day)
        ended = self.hazards.of("closed_major", since)
        return self.hazards.of("major") - self.hazards.of("kept_major", since) + ended

    def overdue_at(self, day: dt.date) -> int:
        """Return how many were late as `day` began."""
        since = Span(day)
        late_now = self.hazards.of("due")
        changes = self.rectifications.of("ended_late", since) - self.rectifications.of("became_late", since)
        return late_now + changes

    @cached_property
    def curves(self) -> dict[str, list[int]]:
        """Open, overdue, major, found and closed at each of `days`."""
        bounds = [self.before, *self.days]
        spans = [Span(a, b - DAY) for a, b in pairwise(bounds)]
        spans[-1] = Span(bounds[-2])  # up to now
        past = self.days[:-1]
        return {
            "open": [*map(self.open_at, past), self.hazards.of("open")],
            "major": [*map(self.major_at, past), self.hazards.of("major")],
            "overdue": [*map(self.overdue_at, past), self.overdue],
            "found": [self.hazards.of("found", span) for span in spans],
            "closed": [self.hazards.of("closed", span) for span in spans],
        }
