"""Rounds of work that is no page: ours and the floor in turn, each from the same beginning."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.goals import Result

Work = Callable[[], object]


def alternate(name: str, ours: Work, floor: Work, rounds: int, *, before: Work = lambda: None) -> Result:
    """Return the seconds of each by round, the first one dropped. `before` makes things as they were."""
    took: list[float] = []
    floors: list[float] = []
    for number in range(rounds + 1):
        for work, times in ((ours, took), (floor, floors)):
            before()
            seconds = clocked(work)
            if number:
                times.append(seconds)
    return Result(name, took, floors, "s")


def clocked(work: Work) -> float:
    """Return how many seconds `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
