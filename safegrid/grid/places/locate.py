"""From a position to the place that it lies in, by the outlines that are drawn.

Published borders disagree and the finer ones are schematic: what comes out is a suggestion.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapely import STRtree, points
from shapely.geometry import shape

from safegrid.grid.models import District
from safegrid.grid.places.atlas import Atlas, Place
from safegrid.grid.places.positions import Position


class Locator:
    """Finds places by position."""

    def __init__(self, atlas: Atlas) -> None:
        """Read the outlines: one query."""
        drawn = District.objects.filter(closed_on=None).exclude(boundary=None).values_list("pk", "boundary")
        outlines = list(drawn)
        self._places = [atlas.places[pk] for pk, _ in outlines]
        self._tree = STRtree([shape(boundary) for _, boundary in outlines])

    def locate(self, position: Position) -> Place | None:
        """Return the deepest place around a WGS-84 position, or None outside of all outlines."""
        return self.locate_many([position])[0]

    def locate_many(self, positions: Sequence[Position]) -> list[Place | None]:
        """Return the place of each position; much faster than one by one."""
        found: list[Place | None] = [None] * len(positions)
        if not positions:
            return found
        for number, outline in zip(*self._tree.query(points(positions), predicate="intersects"), strict=True):
            here, best = self._places[outline], found[number]
            # On a common border the smaller code wins, so that the answer is always the same.
            if best is None or (-len(here.path), here.code) < (-len(best.path), best.code):
                found[number] = here
        return found
