"""What the grid's pages show of what upper floors know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from safegrid.grid.models import Site
from safegrid.kernel.sockets import Socket

#: A part of a site's page: given the request and a site that its reader reaches, the name of a template
#: and its context; None when there is nothing to show. It costs the same queries however much there is.
Panel = Callable[[HttpRequest, Site], tuple[str, dict[str, Any]] | None]

site_panels: Socket[Panel] = Socket("site panels")


#: The address of a unit's own page, for its id; the list of units leads there where somebody plugs it in.
unit_pages: Socket[Callable[[int], str]] = Socket("pages of units")


@dataclass(frozen=True)
class MapLayer:
    """A figure that the map can show for each place."""

    code: str
    label: Any
    #: For somebody and a level of the district tree: how many in each place, by its id; None for what
    #: stands in no place of that level. One query, within what they may read.
    counts: Callable[[Any, str], Mapping[int | None, int]]
    #: The address of the list that a number counts: for a level and a code, or all of it for "", "".
    url: Callable[[str, str], str]
    is_bad: bool = False  # many are bad news
    unplaced_url: Callable[[], str] | None = None  # the list of what stands in no district yet


map_layers: Socket[MapLayer] = Socket("map layers")

#: Models that carry the place of their `site` as columns, and follow it when it moves.
placed_rows: Socket[type[Model]] = Socket("rows that follow their site")
