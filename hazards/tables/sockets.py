"""What others record about hazards, for the office's tables: nothing here invents a zero for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from safegrid.grid.counts import Narrowing
from safegrid.kernel import clock
from safegrid.kernel.office_tables import Value
from safegrid.kernel.sockets import Socket

Number = int | float | Decimal

INDUSTRY = "industry"  # groups by sections of industry; the other groups are levels of places


@dataclass(frozen=True)
class Asked:
    """What is asked for: what `user` may read, in a narrowing, from a local day to another, both included.

    `by` is a level of places, or INDUSTRY.
    """

    user: Any
    narrowing: Narrowing
    first: dt.date
    last: dt.date
    by: str

    def during(self, field: str) -> Q:
        """Return the predicate of the rows whose instant `field` lies in the days."""
        ends = clock.day_end(self.last)
        return Q(**{f"{field}__gte": clock.day_start(self.first), f"{field}__lt": ends})

    def group(self, industry: str = "industry") -> Any:
        """Return the expression by which rows are grouped; `industry` leads to theirs."""
        return Coalesce(f"{industry}__parent", industry) if self.by == INDUSTRY else F(f"{self.by}_id")


@dataclass(frozen=True)
class Figure:
    """A column of the monthly table: its heading, and its value by group.

    A group that `read` leaves out stands at nought, since whoever plugs a figure in records it; one that
    nobody plugs in has no column. Its total is the sum of the groups, unless what it counts can be in several
    of them: then `altogether` gives it.
    """

    label: Any
    read: Callable[[Asked], Mapping[int | None, Number]]
    width: int = 9
    altogether: Callable[[Asked], Number] | None = None


@dataclass(frozen=True)
class Fact:
    """What is known of hazards by their ids, for who reads; what is not known is left out.

    A fact that nobody plugs in leaves its column empty.
    """

    read: Callable[[Sequence[int], Any], Mapping[int, Value]]


#: Columns of the monthly table, month and cumulative, beside what hazards know themselves.
figures: Socket[Figure] = Socket("figures of the monthly table")

#: What the list of major hazards asks for: `reported`, `workers_told`, `listed`, `progress`, `resumed`.
facts: Socket[Fact] = Socket("facts of major hazards")

#: What the ledger asks for, of those that no ledger brought and no grading settled: `basis`, `inspectors`.
ledger_facts: Socket[Fact] = Socket("facts of the hazard ledger")
