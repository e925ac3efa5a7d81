"""Asking the portal for pages as people do: signed in, over one connection that is kept open."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, RemoteDisconnected
from statistics import median

from bench.goals import Result

PATIENCE = 120  # seconds
CSRF = "x" * 32
SAMPLES = 7  # requests of each kind in a round
ENOUGH = 0.4  # seconds of a round after which a slow page is not asked again


class Wrong(Exception):
    """The portal did not answer what it should have; a fast wrong answer is no measurement."""


@dataclass(frozen=True)
class Ask:
    """A page, who asks for it, and what must stand in the answer."""

    path: str
    session: str
    marker: str
    times: int = 1
    """How often the marker must be there at least: for a full page, once in each row."""
    fragment: bool = False
    """Whether htmx asks, for a part of a page."""


class Line:
    """One connection to the portal, kept open; what asks is a single client."""

    def __init__(self, port: int) -> None:
        self._http = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, ask: Ask) -> tuple[float, bytes]:
        """Return the seconds until the last byte, and the body. Raises Wrong."""
        headers = {
            # A browser brings back the cookie of its first page; without it each page would make a new one.
            "Cookie": f"sessionid={ask.session}; csrftoken={CSRF}",
            "X-Forwarded-Proto": "https",
            "Accept-Language": "zh-CN,zh;q=0.9",
            **({"HX-Request": "true"} if ask.fragment else {}),
        }
        for attempt in (1, 2):
            try:
                began = time.perf_counter()
                self._http.request("GET", ask.path, headers=headers)
                response = self._http.getresponse()
                body = response.read()
                took = time.perf_counter() - began
                break
            except (TimeoutError, RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self._http.close()  # the server closes what is idle for two seconds
                if attempt == 2:
                    raise
        if response.status != 200:
            raise Wrong(f"{ask.path}: {response.status} {body[:300].decode(errors='replace')}")
        if (found := body.count(ask.marker.encode())) < ask.times:
            raise Wrong(f"{ask.path}: {ask.marker!r} is there {found} times, not {ask.times}")
        return took, body


def compare(line: Line, pairs: Iterable[tuple[str, Ask, Ask]], rounds: int) -> list[Result]:
    """Ask for ours and the baseline in turn, variant after variant, and return milliseconds by round.

    The first round is dropped. In a round the two alternate; its figure is the median of its samples.
    """
    found = [(name, ours, floor, [], []) for name, ours, floor in pairs]  # type: ignore[var-annotated]
    for number in range(rounds + 1):
        for _name, ours, floor, took, took_floor in found:
            pair = _round(line, ours, floor)
            if number:
                took.append(pair[0])
                took_floor.append(pair[1])
    return [Result(name, took, took_floor) for name, _ours, _floor, took, took_floor in found]


def _round(line: Line, ours: Ask, floor: Ask) -> tuple[float, float]:
    times, floors = [], []
    for _ in range(SAMPLES):
        floors.append(line.get(floor)[0])
        times.append(line.get(ours)[0])
        if sum(times) + sum(floors) > ENOUGH:
            break
    return median(times) * 1000, median(floors) * 1000
