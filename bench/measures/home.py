"""The first page: my work for everybody, the dashboard for heads."""

from django.db import connection

from bench.asking import Ask, Line, compare
from bench.goals import Bench, Result, measures
from bench.pages import hello
from bench.readers import CELL, CITY, DISTRICT, ENTERPRISE, MATTER, OFFICER, TOWNSHIP, session
from safegrid.grid.counts.folding import NEW_EDITION


@measures("my_work")
def my_work(bench: Bench) -> list[Result]:
    """What somebody owes, and what they wait for, which follows in a fragment."""
    who = (CELL, OFFICER, MATTER, ENTERPRISE, DISTRICT)
    asks = [(name, Ask("/?tab=work", session(name), 'id="my-work"')) for name in who]
    asks += [
        (f"{name}: awaited", Ask("/my-work/waiting/", session(name), "waiting-count", fragment=True))
        for name in who
    ]
    pairs = [(what, ask, hello(what.partition(":")[0])) for what, ask in asks]
    return compare(bench.line, pairs, bench.rounds)


def looks() -> list[tuple[str, Ask, Ask]]:
    """Return the dashboards that are asked for, each beside the empty page."""
    asks = [(name, days) for name in (TOWNSHIP, DISTRICT, CITY) for days in ("30", "365")]
    return [
        (
            f"{name}: {days} days",
            Ask(f"/?tab=dashboard&days={days}", session(name), "/hazards/?tab=overdue"),
            hello(name),
        )
        for name, days in asks
    ]


@measures("dashboard")
def dashboard(bench: Bench) -> list[Result]:
    """Where is it bad? As somebody finds it who looks again, or looks at what others have looked at."""
    return compare(bench.line, looks(), bench.rounds)


class Changing(Line):
    """The same connection, in a city where something has changed before every request."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def get(self, ask: Ask) -> tuple[float, bytes]:
        """Let the counts have another edition, then ask."""
        with connection.cursor() as cursor:
            cursor.execute(NEW_EDITION)
        return self.line.get(ask)


@measures("dashboard_anew")
def dashboard_anew(bench: Bench) -> list[Result]:
    """The same, worked out anew every time."""
    return compare(Changing(bench.line), looks(), bench.rounds)
