"""Counting: what it adds to a write that the same transaction also writes its deltas."""

import itertools

from django.db import connection

from bench.copies import copied, vacuum
from bench.goals import Bench, Result, measures
from bench.rounds import alternate
from hazards.models import Hazard

FEW = 200  # writes of one row in a round: one alone is over before the clock has moved
CLOSE = "UPDATE hazards_hazard SET state = 'closed', closed_at = now(), days_late = 0 WHERE id = ANY(%s)"
OPEN = "UPDATE hazards_hazard SET state = 'to_accept', closed_at = NULL, days_late = NULL WHERE id = ANY(%s)"


class Writes:
    """Hazards that are closed and opened again, with the triggers that count and without them."""

    def __init__(self, size: int, times: int) -> None:
        waiting = Hazard.objects.filter(state="to_accept").order_by("pk").values_list("pk", flat=True)
        ids = list(waiting[: size * times])
        if len(ids) < size * times:
            raise LookupError(f"{len(ids)} hazards wait for acceptance, {size * times} are to be closed")
        self.parts = [ids[at : at + size] for at in range(0, len(ids), size)]
        self.every = ids
        self.counts = itertools.cycle([True, False])

    def prepare(self) -> None:
        """Let all of them wait again, and let the next writes be counted or not, in turn."""
        triggers = "ENABLE" if next(self.counts) else "DISABLE"
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hazards_hazard DISABLE TRIGGER USER")
            cursor.execute(OPEN, [self.every])
            cursor.execute(f"ALTER TABLE hazards_hazard {triggers} TRIGGER USER")
            cursor.execute("TRUNCATE grid_countdelta")
        vacuum("hazards_hazard", "grid_countdelta")

    def write(self) -> None:
        """Close them, each part in a transaction of its own."""
        with connection.cursor() as cursor:
            for part in self.parts:
                cursor.execute(CLOSE, [part])


def _added(bench: Bench, name: str, size: int, times: int) -> Result:
    with copied():
        writes = Writes(size, times)
        return alternate(name, writes.write, writes.write, bench.rounds, before=writes.prepare)


@measures("delta_one")
def one(bench: Bench) -> list[Result]:
    """A hazard is closed: one row in one transaction."""
    return [_added(bench, "1 row", 1, FEW)]


@measures("delta_many")
def many(bench: Bench) -> list[Result]:
    """An office closes what a campaign has settled: a thousand rows in one statement."""
    return [_added(bench, "1,000 rows", max(10, round(1000 * bench.scale)), 1)]
