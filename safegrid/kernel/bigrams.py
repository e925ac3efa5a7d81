"""Search by pairs of characters: two Chinese characters are a word, too short for trigrams."""

import unicodedata
from collections.abc import Iterable


def normal(text: str) -> str:
    """Return `text` in the form in which it is compared: full-width folded, lower case, no blanks."""
    flat = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return unicodedata.normalize("NFKC", flat)  # what stood apart may now combine


def bigrams(*texts: str | None) -> list[str]:
    """Return the sorted, distinct pairs of neighbouring characters of each text.

    A text of a single character gives that character.
    """
    found: set[str] = set()
    for text in filter(None, texts):
        flat = normal(text)
        found.update(flat[i : i + 2] for i in range(len(flat) - 1))
        if len(flat) == 1:
            found.add(flat)
    return sorted(found)


def query(text: str) -> list[str]:
    """Return what an indexed array must contain for `text` to be found in it."""
    return bigrams(text)


def matches(text: str, fields: Iterable[str | None]) -> bool:
    """Return whether `text` really occurs in one of `fields` (pairs alone may come from two places)."""
    wanted = normal(text)
    return any(wanted in normal(field) for field in fields if field)
