"""Exports: a list as a file, streamed, every cell safe to open in a spreadsheet."""

import datetime as dt
import json
import subprocess
import sys
from functools import partial
from typing import Any

from django.db import connection

from bench.asking import Ask
from bench.goals import Bench, Result, measures
from bench.pages import user
from bench.readers import CITY, session
from bench.rounds import alternate
from hazards.models import Hazard
from safegrid.kernel import clock
from safegrid.kernel.listing import listings

ROWS = 100_000  # at scale 1


class Nowhere:
    """A file that keeps nothing."""

    def write(self, data: bytes) -> int:
        """Take it."""
        return len(data)


@measures("export_csv")
def as_csv(bench: Bench) -> list[Result]:
    """The list of enterprises and that of hazards, each beside the same query by COPY TO."""
    since = day_of_the_oldest(bench)
    exported: dict[str, tuple[str, dict[str, Any]]] = {
        "sites": ("/grid/enterprises/?format=csv", {}),
        "hazards": (
            f"/hazards/?tab=all&format=csv&found_from={since}",
            {"found_at__gte": clock.day_start(since)},
        ),
    }
    found = []
    for name, (path, narrowed) in exported.items():
        listing = listings[name]
        reached = listing.model._default_manager.visible_to(user(CITY))  # type: ignore[attr-defined]
        order = listing.first_sort
        sign = "-" if order.descending else ""
        wanted = reached.filter(**narrowed).order_by(f"{sign}{order.field}", f"{sign}id")
        rows = listing.selected.joined(wanted)
        ask = Ask(path, session(CITY), "\r\n", rows.count() + 1)
        result = alternate(name, partial(bench.line.get, ask), partial(_copy_to, rows), bench.rounds)
        found.append(result)
    return found


def day_of_the_oldest(bench: Bench) -> dt.date:
    """Return the day since which about as many hazards were found as are to be exported."""
    count = round(ROWS * bench.scale)
    found = Hazard.objects.order_by("-found_at", "-id").values_list("found_at", flat=True)[count]
    return clock.local_date(found)


def _copy_to(rows: Any) -> None:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv)", Nowhere())


@measures("export_memory")
def memory(bench: Bench) -> list[Result]:
    """How much the process grows between a short export and the whole one."""
    found = []
    for name in ("sites", "hazards"):
        done = subprocess.run(
            [sys.executable, "-m", "bench.memory", name, str(round(ROWS * bench.scale))],
            check=True,
            capture_output=True,
        )
        said = json.loads(done.stdout)
        found.append(Result(name, [said["grown"]], [], "MB", said))
    return found
