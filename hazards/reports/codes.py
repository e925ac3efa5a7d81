"""Codes that people read aloud and type: tracking numbers of reports, and codes of gates.

No digit looks like a letter (0, 1, I, L and O are missing), and two check characters tell a mistyped
number from one that does not exist. What stands before them is drawn, never counted: nobody gets from
their own number to another one.
"""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(ALPHABET)  # 31: a prime, so that every slip of one character or two neighbours shows
DRAWN = 10  # characters: 31¹⁰ numbers, some 50 bits
GROUP = 4
LENGTH = DRAWN + 2
ROOT = 3  # of 31: its powers are all different

GATE_LENGTH = 16  # some 79 bits; nobody types it


def new_tracking() -> str:
    """Return a new tracking number, such as 7KQ4M2XP93CT."""
    drawn = _draw(DRAWN)
    return drawn + _check(drawn)


def new_gate_code() -> str:
    """Return a new code of a gate."""
    return _draw(GATE_LENGTH)


def grouped(tracking: str) -> str:
    """Return a tracking number as people read it: 7KQ4-M2XP-93CT."""
    return "-".join(tracking[start : start + GROUP] for start in range(0, len(tracking), GROUP))


def read(text: str) -> str | None:
    """Return the tracking number that somebody typed, in whatever form; None for what can be none."""
    typed = "".join(each for each in text.upper() if each.isalnum())
    if len(typed) != LENGTH or any(each not in ALPHABET for each in typed):
        return None
    return typed if _check(typed[:DRAWN]) == typed[DRAWN:] else None


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _check(drawn: str) -> str:
    values = [ALPHABET.index(each) for each in drawn]
    sums = (
        sum(value * pow(ROOT, step * place, BASE) for place, value in enumerate(values)) % BASE
        for step in (1, 2)
    )
    return "".join(ALPHABET[each] for each in sums)
