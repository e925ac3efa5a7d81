"""What is wanted (`goals.toml`) and what measures it: neither may be there without the other."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.asking import Line

FILE = Path(__file__).with_name("goals.toml")


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One line of the table: what is measured, why it matters to somebody, and what is wanted."""

    key: str
    name: str
    why: str
    baseline: str
    at_most: float | None = None
    at_least: float | None = None
    scale: float = 1.0
    """From this scale on a miss counts; below it the figure is shown only."""

    def worst(self, results: Iterable[Result]) -> Result:
        """Return the variant that is furthest from what is wanted."""
        pick = min if self.at_least is not None else max
        return pick(results, key=lambda result: result.median)

    def is_met(self, result: Result) -> bool:
        """Return whether a result is what is wanted; a goal without a target always is."""
        if self.at_most is not None:
            return result.median <= self.at_most
        return self.at_least is None or result.median >= self.at_least


@dataclass(frozen=True)
class Result:
    """One variant of a goal as measured: in each round ours, the baseline, and what the target is about."""

    variant: str
    ours: list[float]
    baseline: list[float]
    unit: str = "ms"
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratios(self) -> list[float]:
        """Ours divided by the baseline, round by round; ours itself where nothing stands beside it."""
        if not self.baseline:
            return self.ours
        return [ours / floor for ours, floor in zip(self.ours, self.baseline, strict=True)]

    @property
    def median(self) -> float:
        """What is compared with the target."""
        return median(self.ratios)


@dataclass(frozen=True)
class Bench:
    """What a measurement is given."""

    line: Line
    rounds: int
    scale: float
    today: Any


Measure = Callable[[Bench], list[Result]]
_measures: dict[str, Measure] = {}


def measures(key: str) -> Callable[[Measure], Measure]:
    """Register a function as what measures the goal `key`; it returns a result for each variant."""

    def register(function: Measure) -> Measure:
        if key in _measures:
            raise ValueError(f"two functions measure {key}")
        _measures[key] = function
        return function

    return register


def goals() -> list[Goal]:
    """Return every goal in the order of the file."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return [Goal(key=key, **values) for key, values in read.items()]


def plan() -> Iterator[tuple[Goal, Measure]]:
    """Yield each goal with what measures it. Raises LookupError when the two do not match."""
    package = import_module("bench.measures")
    for module in iter_modules(package.__path__):
        import_module(f"bench.measures.{module.name}")
    wanted = goals()
    if odd := {goal.key for goal in wanted} ^ _measures.keys():
        raise LookupError(f"goals without code, or code without a goal: {', '.join(sorted(odd))}")
    for goal in wanted:
        yield goal, _measures[goal.key]
