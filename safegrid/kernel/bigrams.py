"""Search by pairs of characters: two Chinese characters are a word, too short for trigrams."""

import unicodedata


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


def joined(*texts: str | None) -> str:
    """Return the texts as they are compared, one a line: no pair of characters spans two of them."""
    return "\n".join(normal(text) for text in texts if text)
