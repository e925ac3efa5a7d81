"""From an address to the deepest place that it names.

Names are sought from the top down: a district first, then its townships in what follows, then their
villages and communities. A name that several places share counts only under its parent, and a name of
another province or city ends the search: better "to be placed" than placed wrongly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from safegrid.grid.choices import Level
from safegrid.grid.places.atlas import Atlas, Place
from safegrid.grid.places.codes import LENGTH
from safegrid.kernel.bigrams import normal

#: What may stand before the district: country, province, city.
PREFIX = re.compile(r"^(?:中国|中华人民共和国)?(?:青海省?)?(?:西宁市?)?")
#: Another province, prefecture, city or county at the start. 市场, 市政, 市民 and 县城 name none.
ELSEWHERE = re.compile(r"^[一-鿿]{2,8}?(?:省|自治区|自治州|市(?![场政民])|县(?!城(?!关)))")
#: A short name before one of these is part of the name of a street: 城东路.
STREET = r"(?!(?:[东西南北中]?[路街巷桥]|大[道街]))"
CELL = re.compile(r"第?([0-9]{3})(?:号)?网格")
CHINESE = re.compile(r"[一-鿿]")
NATIONS = re.compile(r"(?:藏族|回族|土族|蒙古族|撒拉族)+(?=乡$)")
#: A body's name after its place's.
OFFICE = re.compile(r"(?:办事处|人民政府|政府|管委会|管理委员会)?")
OFFICE_END = re.compile(r"(?<=.)(?:办事处|人民政府|政府)$")
#: What people leave out in a column of its own.
SUFFIX = re.compile(r"(?:街道|镇|乡|社区|村|(?:社区)?居民委员会|(?:村)?村民委员会|村委会|居委会)$")
SHORT = 2  # characters; so short a name counts only right after its parent's
#: So many characters make a name count without its parent's, when no other place has it.
TELLING: dict[str, int] = {Level.TOWNSHIP: 3, Level.COMMUNITY: 4}


class How(IntEnum):
    """By which kind of name a place was found; of several, the least certain counts."""

    NAME = 1
    SHORT_NAME = 2
    ALIAS = 3
    OLD_NAME = 4


@dataclass(frozen=True)
class Found:
    """The deepest place an address names, and how.

    `elsewhere`: it names another city. `conflict`: it names another district than was known.
    """

    place: Place | None = None
    how: How | None = None
    elsewhere: bool = False
    conflict: bool = False


@dataclass(frozen=True)
class _Match:
    place: Place
    how: How
    start: int
    end: int


class _Names:
    """The names of some places that no two of them share, and the search for them."""

    def __init__(self, atlas: Atlas, places: Iterable[Place], *, min_length: int = 1) -> None:
        candidates: dict[str, tuple[How, Place]] = {}
        shared: Counter[str] = Counter()
        for name, how, place in _spellings(atlas, places):
            known = candidates.get(name)
            if known is None or (how < known[0] and known[1] != place):
                candidates[name] = (how, place)
                shared[name] = 1
            elif known[1] != place and how == known[0]:
                shared[name] += 1
        self.known = {n: c for n, c in candidates.items() if shared[n] == 1 and len(n) >= min_length}
        longest_first = sorted(self.known, key=len, reverse=True)
        parts = [re.escape(n) + (STREET if _is_bare(n) else "") for n in longest_first]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def find(self, text: str, start: int) -> _Match | None:
        """Return the first, longest name from `start` on. A bare or very short one must stand there."""
        position = start
        while self._pattern is not None and (match := self._pattern.search(text, position)):
            name = match[0]
            if match.start() == start or not (_is_bare(name) or len(name) <= SHORT):
                how, place = self.known[name]
                return _Match(place, how, match.start(), match.end())
            position = match.start() + 1
        return None


def _spellings(atlas: Atlas, places: Iterable[Place]) -> Iterable[tuple[str, How, Place]]:
    for place in places:
        living = atlas.living(place)
        if living is None:
            continue
        if not place.is_open:
            yield normal(place.name), How.OLD_NAME, living
            continue
        yield normal(place.name), How.NAME, place
        yield normal(place.name_en), How.NAME, place
        if place.short_name:
            yield normal(place.short_name), How.SHORT_NAME, place
        for alias in place.aliases:
            yield normal(alias), How.ALIAS, place
        without_nation = NATIONS.sub("", place.name)
        if without_nation != place.name:
            yield normal(without_nation), How.SHORT_NAME, place


def _is_bare(name: str) -> bool:
    """Whether a Chinese name lacks the word that says what it is (城东, not 城东区)."""
    return bool(CHINESE.search(name)) and not name.endswith(
        ("区", "县", "镇", "乡", "街道", "村", "社区", "委会", "园", "场", "市")
    )


class Gazetteer:
    """Resolves addresses against an atlas. What it has compiled serves the next address too."""

    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._compiled: dict[tuple[str, str], _Names] = {}

    def resolve(self, address: str, *, within: Place | None = None) -> Found:
        """Return the deepest place that `address` names.

        `within` is a place known from elsewhere: it is kept, and the address only leads further down.
        """
        city = self.atlas.city
        text = normal(address)
        if city is None or not text:
            return Found(within)
        in_order = bool(CHINESE.search(text))  # an English address begins with the house
        prefix = PREFIX.match(text) if in_order else None
        start = prefix.end() if prefix else 0
        line = {place.level: place for place in self.atlas.line(within)} if within else {}
        node, how = city, []
        for level in (Level.DISTRICT, Level.TOWNSHIP, Level.COMMUNITY):
            known = line.get(level)
            match = self._names(node, level).find(text, start)
            if level == Level.DISTRICT:
                elsewhere = match is None and start == 0 and bool(ELSEWHERE.match(text))
                if elsewhere or (match and known and match.place != known):
                    return Found(within, None, elsewhere=elsewhere, conflict=within is not None)
            if match is None or (known and match.place != known):
                node = known or node
                continue
            node = match.place
            how.append(match.how)
            start = OFFICE.match(text, match.end).end() if in_order else 0  # type: ignore[union-attr]
        if node == city:
            return Found()
        return Found(self._cell(node, text, start) or node, max(how, default=None))

    def child(self, parent: Place | None, level: str, word: str) -> Place | None:
        """Return the one place of `level` in `parent` (None: in the city) that a word or code alone means.

        A word of its own needs less than an address: "乐家湾" is 乐家湾镇 here, "001" the first cell.
        """
        top = parent or self.atlas.city
        by_code = self.atlas.codes.find(word)
        if top is None or (by_code is not None and by_code.level == level and top.holds(by_code)):
            return by_code
        text = OFFICE_END.sub("", normal(word))
        match = CELL.fullmatch(text) if level == Level.CELL else None
        number = match[1] if match else text if level == Level.CELL else ""
        found: dict[bool, set[Place]] = {True: set(), False: set()}
        for name, _how, place in _spellings(self.atlas, self.atlas.descendants(top, level)):
            if name == text or (number and place.code[LENGTH:] == number):
                found[True].add(place)
            elif SUFFIX.sub("", name) == text:
                found[False].add(place)
        best = found[True] or found[False]
        return best.pop() if len(best) == 1 else None

    def _names(self, node: Place, level: str) -> _Names:
        """The names of one level under `node`: all of its children's, or the telling ones further down."""
        key = (node.path, level)
        if key not in self._compiled:
            children = [child for child in self.atlas.children(node) if child.level == level]
            if children:
                self._compiled[key] = _Names(self.atlas, children)
            else:
                below = self.atlas.descendants(node, level)
                self._compiled[key] = _Names(self.atlas, below, min_length=TELLING.get(level, 1))
        return self._compiled[key]

    def _cell(self, community: Place, text: str, start: int) -> Place | None:
        match = CELL.search(text, start) if community.level == Level.COMMUNITY else None
        code = community.code + match[1] if match else None
        return next((c for c in self.atlas.children(community) if c.code == code and c.is_open), None)
