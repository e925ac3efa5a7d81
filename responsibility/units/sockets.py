"""What a unit's page shows of other subjects and floors: its guidance, its score, its leaders."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from safegrid.grid.models import Unit
from safegrid.kernel.sockets import Socket

#: A part of a unit's page: given the request of an official and a unit, the name of a template and its
#: context; None when there is nothing to show. What it shows, it must narrow to what its reader sees; it
#: costs the same queries however much there is.
Panel = Callable[[HttpRequest, Unit], tuple[str, dict[str, Any]] | None]

unit_panels: Socket[Panel] = Socket("unit panels")
