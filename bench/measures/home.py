"""The first page: my work for everybody, the dashboard for heads."""

from bench.asking import Ask, compare
from bench.goals import Bench, Result, measures
from bench.pages import hello
from bench.readers import CELL, CITY, DISTRICT, ENTERPRISE, MATTER, OFFICER, TOWNSHIP, session


@measures("my_work")
def my_work(bench: Bench) -> list[Result]:
    """What somebody owes and waits for."""
    who = (CELL, OFFICER, MATTER, ENTERPRISE, DISTRICT)
    pairs = [(name, Ask("/?tab=work", session(name), 'id="my-work"'), hello(name)) for name in who]
    return compare(bench.line, pairs, bench.rounds)


@measures("dashboard")
def dashboard(bench: Bench) -> list[Result]:
    """Where is it bad?"""
    who = (TOWNSHIP, DISTRICT, CITY)
    asks = [(name, days) for name in who for days in ("30", "365")]
    pairs = [
        (
            f"{name}: {days} days",
            Ask(f"/?tab=dashboard&days={days}", session(name), "/hazards/?tab=overdue"),
            hello(name),
        )
        for name, days in asks
    ]
    return compare(bench.line, pairs, bench.rounds)
