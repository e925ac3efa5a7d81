"""What an upper floor knows that leaders did: visits that they led count by themselves, typed once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safegrid.kernel.sockets import Socket


@dataclass(frozen=True)
class Led:
    """A check that a post led, as the upper floor keeps it."""

    source: str  # "visit:12", the plug's name first
    number: str  # what people call it
    day: dt.date
    site_id: int
    where: str
    found: int


@dataclass(frozen=True)
class Elsewhere:
    """How to ask one upper floor."""

    #: For posts and the days from one up to and with another: what each led.
    led: Callable[[Collection[int], dt.date, dt.date], Iterable[tuple[int, Led]]]
    #: The one that somebody reads and calls by a number; None for what they do not reach.
    find: Callable[[Any, str], Led | None]
    #: For sources: (hazards found, of them fixed by now). One query.
    figures: Callable[[Collection[str]], Mapping[str, tuple[int, int]]]
    #: The address of the page of one, by its number.
    url: Callable[[str], str]


elsewhere: Socket[Elsewhere] = Socket("checks led, known elsewhere")


def plug_of(source: str) -> Elsewhere | None:
    """Return who knows `source`, if anybody is still there who does."""
    name = source.partition(":")[0]
    return dict(elsewhere.items()).get(name)


def figures(sources: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return (found, fixed) for each of `sources`. One query for each floor that is asked."""
    found: dict[str, tuple[int, int]] = {}
    for name, plug in elsewhere.items():
        own = [source for source in sources if source.startswith(f"{name}:")]
        if own:
            found |= plug.figures(own)
    return found
