"""Where a site stands: what its address, its position and a stated place say together.

The address' district wins over the position's (registered positions are often rough), and the position
only leads further down inside of what the address says. A USCC says nothing about the place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from safegrid.grid.choices import Level
from safegrid.grid.places.addresses import Gazetteer
from safegrid.grid.places.atlas import Atlas, Place
from safegrid.grid.places.locate import Locator
from safegrid.grid.places.positions import Position


@dataclass(frozen=True)
class Clue:
    """What is known about where something is."""

    address: str = ""
    position: Position | None = None  # WGS-84
    stated: Place | None = None  # by a code or a column of its own


@dataclass(frozen=True)
class Placement:
    """Where it is put, whether what is known contradicts itself, and whether it is in another city."""

    place: Place | None
    doubt: bool = False
    elsewhere: bool = False


class Surveyor:
    """Places many things with one reading of the tree and of the outlines."""

    def __init__(self, atlas: Atlas | None = None) -> None:
        self.atlas = atlas or Atlas.load()
        self.gazetteer = Gazetteer(self.atlas)

    @cached_property
    def locator(self) -> Locator:
        """The outlines, read when the first position asks for them."""
        return Locator(self.atlas)

    def settle(self, clue: Clue) -> Placement:
        """Return where `clue` leads."""
        return self.settle_many([clue])[0]

    def settle_many(self, clues: Sequence[Clue]) -> list[Placement]:
        """Return where each clue leads."""
        positions = {n: clue.position for n, clue in enumerate(clues) if clue.position is not None}
        located: dict[int, Place | None] = {}
        if positions:
            found = self.locator.locate_many(list(positions.values()))
            located = dict(zip(positions, found, strict=True))
        return [self._weigh(clue, located.get(n)) for n, clue in enumerate(clues)]

    def _weigh(self, clue: Clue, here: Place | None) -> Placement:
        said = self.gazetteer.resolve(clue.address, within=clue.stated)
        if said.place is None:
            # An address in another city outweighs a position that lies here.
            if said.elsewhere:
                return Placement(None, doubt=here is not None, elsewhere=True)
            return Placement(here)
        if here is None:
            return Placement(said.place, doubt=said.conflict)
        if said.place.holds(here):
            return Placement(here, doubt=said.conflict)
        return Placement(said.place, doubt=said.conflict or not self._same_district(said.place, here))

    def _same_district(self, one: Place, other: Place) -> bool:
        return {p for p in self.atlas.line(one) if p.level == Level.DISTRICT} == {
            p for p in self.atlas.line(other) if p.level == Level.DISTRICT
        }
