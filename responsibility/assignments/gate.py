"""What an upper floor adds to the notice at a gate: codes for whoever stands before it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from safegrid.grid.models import Site
from safegrid.kernel.sockets import Socket


@dataclass(frozen=True)
class GateCode:
    """A code on the notice: what it is for, and where it leads, given a site and the present instant."""

    text: Any
    address: Callable[[Site, dt.datetime], str]


gate_codes: Socket[GateCode] = Socket("codes on the notice at a gate")
