"""The arithmetic of scores, in exact decimals. `tests/responsibility/statements` holds it to a slow twin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from responsibility.statements.choices import Band

HUNDREDTH = Decimal("0.01")
NOTHING = Decimal()


def points_for(
    value: Decimal,
    *,
    points: int,
    target: Decimal,
    step: Decimal,
    per_step: Decimal,
    is_higher_better: bool = True,
) -> Decimal:
    """Return what an item of `points` still has: `per_step` off for each whole `step` short of the target.

    Never less than 0 and never more than `points`.
    """
    short = target - value if is_higher_better else value - target
    if short <= 0:
        return Decimal(points)
    return max(NOTHING, points - int(short // step) * per_step)


@dataclass(frozen=True)
class Total:
    """What the lines of a score come to. `rate` is in points of a hundred; None while nothing is scored."""

    points: Decimal
    possible: int
    rate: Decimal | None
    is_vetoed: bool


def total(lines: Iterable[tuple[int, Decimal | None, bool]]) -> Total:
    """Return the sum of lines: the points of the item, those it got (None: not scored), whether it vetoes."""
    rows = list(lines)
    scored = [(most, got) for most, got, _veto in rows if got is not None]
    got = sum((each for _most, each in scored), NOTHING)
    possible = sum(most for most, _got in scored)
    rate = (got * 100 / possible).quantize(HUNDREDTH, ROUND_DOWN) if possible else None
    return Total(got, possible, rate, any(veto for _most, _got, veto in rows))


@dataclass(frozen=True)
class Edge:
    """From how many points of a hundred on a score is called what."""

    at_least: Decimal
    code: str


def band(result: Total, edges: Sequence[Edge]) -> str:
    """Return the band of a total; a veto goes before points, and nothing scored has none."""
    if result.is_vetoed:
        return Band.VETOED
    if result.rate is None:
        return ""
    reached = [edge for edge in edges if edge.at_least <= result.rate]
    return max(reached, key=lambda edge: edge.at_least).code if reached else Band.FAIL


def edges_on(day: dt.date) -> list[Edge]:
    """Return the bands in force on a local day. One query."""
    from responsibility.statements.models import ScoreBand

    rows = ScoreBand.objects.filter(span__contains=day).values_list("at_least", "code")
    return [Edge(at_least, code) for at_least, code in rows]
