"""What is counted: upper floors declare a tally for each of their tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models

from safegrid.kernel.sockets import Socket

#: The day of what has none: how many there are at present.
EVER = dt.date(1970, 1, 1)

#: The local day of an instant, in SQL. Days are the portal's, wherever the database thinks it is.
LOCAL_DAY = "({column} AT TIME ZONE 'Asia/Shanghai')::date"


@dataclass(frozen=True)
class Measure:
    """Rows that are counted together.

    `when` is the SQL condition on a row `r`, `day` the SQL of the day on which it counts (nothing: EVER).
    A `deep` measure is kept down to the cells; another one, of which every past day is kept, down to the
    townships.
    """

    name: str
    when: str
    day: str = ""
    deep: bool = False


@dataclass(frozen=True)
class Tally:
    """The measures of a table whose rows carry their place, an industry and mostly a matter as columns.

    Names of measures are unique among all tallies. Sums are kept of the rows that are `kept`, which are those
    that everybody who reaches their place reads; who reads more has the others counted row by row.
    """

    name: str
    model: type[models.Model]
    measures: tuple[Measure, ...]
    has_matter: bool = True  # else rows have many, and no sum of a matter is kept
    kept: str = "TRUE"  # the SQL condition on a row `r` that sums are kept of

    @property
    def table(self) -> str:
        """The name of the table."""
        return self.model._meta.db_table

    @property
    def deep(self) -> list[str]:
        """The measures that are kept down to the cells."""
        return [measure.name for measure in self.measures if measure.deep]


tallies: Socket[Tally] = Socket("tallies")


def local_day(column: str) -> str:
    """Return the SQL of the local day of an instant."""
    return LOCAL_DAY.format(column=column)
