"""How much there is of everything at a scale, and what makes it the same each time."""

import datetime as dt
import random
from dataclasses import dataclass

from safegrid.kernel import clock

SEED = 20260101
SITES, HAZARDS, USERS = 100_000, 1_000_000, 5_000  # at scale 1
YEARS = 3  # of history
CHUNK = 10_000  # rows made together, by one process, from a seed of their own


@dataclass(frozen=True)
class Size:
    """The numbers of rows at a scale, and the moment at which the city is looked at."""

    scale: float
    now: dt.datetime

    @property
    def sites(self) -> int:
        """Sites, most of them the only one of their enterprise."""
        return max(200, round(SITES * self.scale))

    @property
    def hazards(self) -> int:
        """Hazards of all the years."""
        return max(2_000, round(HAZARDS * self.scale))

    @property
    def users(self) -> int:
        """People who can sign in; every place has its officials at any scale, the others grow with it."""
        return round(USERS * self.scale)

    @property
    def today(self) -> dt.date:
        """The local day of `now`."""
        return clock.local_date(self.now)

    @property
    def first_day(self) -> dt.date:
        """The day of the first hazard."""
        return self.today - dt.timedelta(days=365 * YEARS)


def dice(subject: str, number: int = 0) -> random.Random:
    """Return what decides about one chunk of rows of a subject: the same at every making."""
    return random.Random(f"{SEED} {subject} {number}")  # noqa: S311 (a city, not a secret)
