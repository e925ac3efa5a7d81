"""Search by pairs of characters: two Chinese characters are a word, too short for trigrams."""

import unicodedata
from functools import lru_cache
from itertools import pairwise

#: Texts that are remembered: an import, or a page of them, has the same words several times in a row.
REMEMBERED = 10_000


@lru_cache(REMEMBERED)
def normal(text: str) -> str:
    """Return `text` in the form in which it is compared: full-width folded, lower case, no blanks."""
    flat = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return unicodedata.normalize("NFKC", flat)  # what stood apart may now combine


def bigrams(*texts: str | None) -> list[str]:
    """Return the sorted, distinct pairs of neighbouring characters of each text.

    A text of a single character gives that character.
    """
    return sorted(frozenset().union(*map(_pairs, filter(None, texts))))


@lru_cache(REMEMBERED)
def _pairs(text: str) -> frozenset[str]:
    flat = normal(text)
    if len(flat) == 1:
        return frozenset(flat)
    return frozenset(map("".join, pairwise(flat)))


def joined(*texts: str | None) -> str:
    """Return the texts as they are compared, one a line: no pair of characters spans two of them."""
    return "\n".join(normal(text) for text in texts if text)
