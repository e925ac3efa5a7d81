"""What a count is narrowed to, and by which kept sums it can be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q

from safegrid.grid.choices import Level
from safegrid.grid.counts.sql import DEPTHS
from safegrid.grid.models import District, Industry, Matter
from safegrid.kernel.scope import LEVELS, Branch

DEPTH = {Level.CITY.value: 0} | {level: depth for depth, level in enumerate(LEVELS, start=1)}


@dataclass(frozen=True)
class Narrowing:
    """A place, a matter with all below it, a section of industry with its divisions; None is all of them."""

    place: District | None = None
    matter: Matter | None = None
    industry: Industry | None = None

    def q(self) -> Q:
        """Return the predicate on rows that carry their place, matter and industry."""
        wanted = Q()
        if self.place is not None and self.place.level != Level.CITY:
            wanted &= Q(**{f"{self.place.level}_id": self.place.pk})
        if self.matter is not None:
            wanted &= Q(matter__path__startswith=self.matter.path)
        if self.industry is not None:
            wanted &= Q(industry__parent=self.industry) | Q(industry=self.industry)
        return wanted


#: The filters of a list by which sums are kept.
KEPT_BY = {*LEVELS, "matter", "industry"}


def narrowing_of(active: Mapping[str, Any]) -> Narrowing | None:
    """Return what the filters of a list that are set narrow to; None when no sums are kept for them."""
    places = [active[level] for level in LEVELS if level in active]
    industry = active.get("industry")
    if not active.keys() <= KEPT_BY or len(places) > 1 or (industry and industry.parent_id):
        return None
    return Narrowing(places[0] if places else None, active.get("matter"), industry)


@dataclass(frozen=True)
class Key:
    """One kept sum: everything in a place, of one matter, or of one section of industry."""

    place: District
    matter: Matter | None
    industry: Industry | None

    def is_kept(self, by: str, *, deep: bool) -> bool:
        """Return whether there are such sums, and `by` the level or the matters that are asked for."""
        of_matter = self.matter is not None or by == "matter"
        if of_matter and self.industry is not None:
            return False
        most, fine = DEPTHS[deep]
        deepest = max(DEPTH[str(self.place.level)], DEPTH.get(by, 0))
        return deepest <= (fine if of_matter or self.industry is not None else most)


def keys(branches: Sequence[Branch], wanted: Narrowing) -> list[Key] | None:
    """Return the sums that together count what `branches` of places and matters reach of `wanted`.

    None where no kept sums add up to it, because the branches overlap. Three queries at most.
    """
    city = District.objects.filter(level=Level.CITY, closed_on=None).defer("boundary").first()
    if city is None:
        return None
    place_ids = [branch.place_id for branch in branches if branch.place_id]
    matter_ids = [branch.matter_id for branch in branches if branch.matter_id]
    places = District.objects.defer("boundary").in_bulk(place_ids) if place_ids else {}
    matters = Matter.objects.in_bulk(matter_ids) if matter_ids else {}
    found: list[Key] = []
    for branch in branches:
        place_meets, place = _meet(places.get(branch.place_id or 0, city), wanted.place)
        matter_meets, matter = _meet(matters.get(branch.matter_id or 0), wanted.matter)
        if place_meets and matter_meets:
            found.append(Key(place or city, matter, wanted.industry))
    return _apart(found)


N = TypeVar("N", District, Matter)


def _meet(one: N | None, other: N | None) -> tuple[bool, N | None]:
    """Return whether two subtrees share anything, and what they share; None is the whole tree."""
    if one is None or other is None:
        return True, one or other
    if one.path.startswith(other.path):
        return True, one
    return other.path.startswith(one.path), other


def _is_within(one: Key, other: Key) -> bool:
    of_matter = other.matter is None or (one.matter and one.matter.path.startswith(other.matter.path))
    return bool(of_matter) and one.place.path.startswith(other.place.path)


def _apart(found: list[Key]) -> list[Key] | None:
    """Return the sums without those that others contain; None when two that remain overlap."""
    widest: list[Key] = []
    for key in sorted(found, key=lambda k: (len(k.place.path), len(k.matter.path) if k.matter else 0)):
        if any(_is_within(key, other) for other in widest):
            continue
        if any(_meet(key.place, other.place)[0] and _meet(key.matter, other.matter)[0] for other in widest):
            return None
        widest.append(key)
    return widest
