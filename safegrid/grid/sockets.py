"""What the grid's pages show of what upper floors know."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from safegrid.grid.models import Site
from safegrid.kernel.sockets import Socket

#: A part of a site's page: given the request and a site that its reader reaches, the name of a template
#: and its context; None when there is nothing to show. It costs the same queries however much there is.
Panel = Callable[[HttpRequest, Site], tuple[str, dict[str, Any]] | None]

site_panels: Socket[Panel] = Socket("site panels")
