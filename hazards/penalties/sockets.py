"""The visits that penalties come from, as an upper floor knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hazards.models import Hazard
from safegrid.kernel.sockets import Socket


@dataclass(frozen=True)
class Visits:
    """What is asked about visits; both answers are "" where the reader sees none."""

    number_for: Callable[[Hazard, Any], str]  # of the visit that found a hazard
    url_of: Callable[[str, Any], str]  # of the page of the visit with a number


visits: Socket[Visits] = Socket("visits that penalties come from")


def visit_of(hazard: Hazard, user: Any) -> str:
    """Return the number of the visit that found `hazard`, when `user` sees it, or ""."""
    return next((number for each in visits if (number := each.number_for(hazard, user))), "")


def visit_url(number: str, user: Any) -> str:
    """Return the address of the visit with `number`, when `user` sees one, or ""."""
    return next((url for each in visits if (url := each.url_of(number, user))), "") if number else ""
