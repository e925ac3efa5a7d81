"""The district tree in memory, read once for an operation that places many things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from safegrid.grid.choices import Level
from safegrid.grid.models import District, Succession
from safegrid.grid.places.codes import Codes
from safegrid.kernel.names import choose
from safegrid.kernel.scope import LEVELS

STEP = District.steplen
DEPTHS = {level: depth for depth, level in enumerate(Level.values, start=1)}


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree, as light as can be."""

    pk: int
    path: str
    code: str
    level: str
    name: str
    name_en: str
    short_name: str
    kind: str
    aliases: tuple[str, ...] = field(default=(), hash=False)
    is_open: bool = True

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return choose(self.name, self.name_en)

    def holds(self, other: Place) -> bool:
        """Return whether `other` is this place or lies in it."""
        return other.path.startswith(self.path)


class Atlas:
    """All places, with the ways to find one: by code, by address, by position."""

    def __init__(self, places: list[Place], successors: dict[int, list[int]]) -> None:
        self.places = {place.pk: place for place in places}
        self.by_path = {place.path: place for place in places}
        self._successors = successors
        self._children: dict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._children[place.path[:-STEP]].append(place)

    @classmethod
    def load(cls) -> Atlas:
        """Read the tree and its successions: two queries, no outlines."""
        rows = District.objects.order_by("path").values_list(
            "pk", "path", "code", "level", "name", "name_en", "short_name", "kind", "aliases", "closed_on"
        )
        places = [Place(*row[:8], tuple(row[8]), row[9] is None) for row in rows]
        successors: dict[int, list[int]] = defaultdict(list)
        for before, after in Succession.objects.order_by("pk").values_list("predecessor", "successor"):
            successors[before].append(after)
        return cls(places, successors)

    @property
    def city(self) -> Place | None:
        """The root of the tree; None before anything is loaded."""
        return next(iter(self._children[""]), None)

    def children(self, place: Place) -> list[Place]:
        """Return the places directly in `place`, closed ones too."""
        return self._children[place.path]

    def descendants(self, place: Place, level: str) -> Iterator[Place]:
        """Yield the open places of one level in `place`."""
        for child in self.children(place):
            if child.level == level:
                if child.is_open:
                    yield child
            elif child.is_open:
                yield from self.descendants(child, level)

    def line(self, place: Place) -> list[Place]:
        """Return the city, …, `place`: the way down to it."""
        return [self.by_path[place.path[:end]] for end in range(STEP, len(place.path) + 1, STEP)]

    def columns(self, place: Place | None) -> dict[str, int | None]:
        """Return the place columns of what stands in `place`, as `places.columns` does, without a query."""
        found: dict[str, int | None] = dict.fromkeys((f"{level}_id" for level in LEVELS), None)
        for node in self.line(place) if place is not None else ():
            if node.level in LEVELS:
                found[f"{node.level}_id"] = node.pk
        return found

    def label(self, place: Place) -> str:
        """Return the names from the district down, in the reader's language, such as "城东区 / 乐家湾镇"."""
        line = self.line(place)
        return " / ".join(node.label for node in line[1:] or line)

    def living(self, place: Place) -> Place | None:
        """Return the open place that `place` has become; None when it was divided among several."""
        while not place.is_open:
            after = self._successors.get(place.pk, [])
            if len(after) != 1:
                return None
            place = self.places[after[0]]
        return place

    @cached_property
    def codes(self) -> Codes:
        """Places by present and former codes."""
        return Codes(self)
