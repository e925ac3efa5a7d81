"""Division codes, present and former.

Two official series number townships differently, and a recoded district may number its townships anew:
below the district an old code is believed only together with the name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from safegrid.kernel.bigrams import normal

if TYPE_CHECKING:
    from safegrid.grid.places.atlas import Atlas, Place

#: Digits of province + city, district, township, community.
SIGNIFICANT = (4, 6, 9, 12)
LENGTH = 12
WITH_CELL = 15


def canonical(text: str) -> str | None:
    """Return a code in its full length (12 digits, a cell's 15), or None when `text` is no code.

    Shorter forms with the significant digits only ("630102") are filled up with zeros.
    """
    digits = text.strip()
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in (*SIGNIFICANT, WITH_CELL):
        return None
    return digits.ljust(LENGTH, "0")


class Codes:
    """Finds places by code."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._open = {place.code: place for place in atlas.places.values() if place.is_open}
        self._closed: dict[str, list[Place]] = defaultdict(list)
        for place in atlas.places.values():
            if not place.is_open:
                self._closed[place.code].append(place)

    def find(self, text: str, name: str = "") -> Place | None:
        """Return the open place that a present or former code means.

        Below a recoded district the digits of the township count only when `name` agrees with what they
        lead to; otherwise the district itself is the answer. None when the code is not of this city.
        """
        code = canonical(text)
        if code is None:
            return None
        if code in self._open:
            return self._open[code]
        if code in self._closed:
            return self._living(code)
        district = self._living(code[:6].ljust(LENGTH, "0"))
        if district is None:
            return None
        deeper = self._open.get(district.code[:6] + code[6:])
        if deeper is not None and name and normal(name) in {normal(n) for n in names(deeper)}:
            return deeper
        return district

    def _living(self, code: str) -> Place | None:
        found = {self._atlas.living(place) for place in self._closed.get(code, [])}
        return found.pop() if len(found) == 1 else None


def names(place: Place) -> list[str]:
    """Return every present way to write a place's name."""
    return [n for n in (place.name, place.short_name, place.name_en, *place.aliases) if n]
