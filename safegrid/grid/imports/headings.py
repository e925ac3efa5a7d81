"""Finding the headings of a spreadsheet: below titles, on one row or two, and which field each one is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from safegrid.kernel.bigrams import normal

SEARCHED = 20  # rows from the top
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】")
ORNAMENT = re.compile(r"[\W_]+")

#: Tells which field a heading is, or None.
Recognise = Callable[[str], str | None]


@dataclass(frozen=True)
class Heading:
    """Where the headings end, what they are, and how many were recognised."""

    last: int  # index of their last row
    columns: list[str]  # unique
    score: int


def plain(heading: str) -> str:
    """Return a heading without remarks in brackets, ornament, case and width.

    "*企业名称（必填）" becomes "企业名称".
    """
    text = normal(heading)
    bare = ORNAMENT.sub("", BRACKETS.sub("", text))
    return bare or ORNAMENT.sub("", text)


def recogniser(known: Mapping[str, Iterable[str]]) -> Recognise:
    """Return what tells a field from its headings, given the headings of every field."""
    by_heading = {plain(heading): field for field, headings in known.items() for heading in headings}
    return lambda heading: by_heading.get(plain(heading)) if heading else None


def find_heading(grid: Sequence[list[str]], recognise: Recognise) -> Heading | None:
    """Return the headings of a grid of cells, or None when none of its first rows has a known one.

    Titles above are passed over. Headings on two rows ("position" over "longitude" and "latitude") are
    read together, the lower one first.
    """
    top = grid[:SEARCHED]
    scores = [len(_fields(row, recognise)) for row in top]
    if not any(scores):
        return None
    best = scores.index(max(scores))
    columns, last = list(top[best]), best
    if best > 0:
        above = [cell if recognise(cell) else "" for cell in top[best - 1]]
        columns = _over(columns, above)
    while last + 1 < len(top) and _continues(columns, top[last + 1], recognise):
        last += 1
        columns = _over(top[last], columns)
    while columns and not columns[-1]:
        columns.pop()
    return Heading(last, unique(columns), len(_fields(columns, recognise)))


def guess(columns: Sequence[str], recognise: Recognise) -> dict[str, str]:
    """Return which column each field is likely to be; the first one when several are."""
    found: dict[str, str] = {}
    for column in columns:
        if field := recognise(re.sub(r" \(\d+\)$", "", column)):
            found.setdefault(field, column)
    return found


def unique(columns: Sequence[str]) -> list[str]:
    """Number headings that are there twice, and name those that are blank."""
    seen: Counter[str] = Counter()
    found = []
    for number, column in enumerate(columns, start=1):
        name = " ".join(column.split())[:100] or f"#{number}"
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found


def _fields(row: Iterable[str], recognise: Recognise) -> set[str]:
    return {field for cell in row if (field := recognise(cell))}


def _continues(row: list[str], following: list[str], recognise: Recognise) -> bool:
    """Whether the row below still belongs to the headings: every word in it is one, or is merged into it."""
    filled = [cell for cell in following if cell]
    return bool(filled) and all(recognise(cell) or cell in row for cell in filled)


def _over(lower: list[str], upper: list[str]) -> list[str]:
    width = max(len(lower), len(upper))
    lower, upper = [*lower, *[""] * (width - len(lower))], [*upper, *[""] * (width - len(upper))]
    return [below or above for below, above in zip(lower, upper, strict=True)]
