"""The small machine behind every lifecycle: a table of (state, action) → (state, who, what is required).

Hazards, visits, transfers, statements and instructions declare a `Machine`; their service applies it.
Buttons on pages, the API's actions and the diagram in the docs come from the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from safegrid.kernel.refusals import Refused


@dataclass(frozen=True)
class Move:
    """One row of a lifecycle table."""

    action: str
    sources: tuple[str, ...]
    target: str | None  # None: the state stays as it is
    who: tuple[str, ...]  # names of roles, each a predicate of the machine
    requires: tuple[str, ...] = ()  # names of fields that must be given
    optional: tuple[str, ...] = ()  # names of fields that may be given
    when: str = ""  # name of a condition without which the move does not exist; empty: always
    needs: tuple[str, ...] = ()  # conditions without which it is greyed, each with its wording
    label: Any = ""  # what the button says
    tone: str = "secondary"  # primary for the expected next step, danger for what cannot be undone


@dataclass(frozen=True)
class Offer:
    """A move as offered to somebody: open to them, or greyed with the reason."""

    move: Move
    allowed: bool
    reason: str = ""


class Machine:
    """A lifecycle table with its predicates.

    `roles` maps a role's name to `(subject, context) -> bool`; `conditions` likewise.
    A role's or a condition's wording for people stands in `words`.
    """

    def __init__(
        self,
        moves: tuple[Move, ...],
        *,
        roles: dict[str, Callable[[Any, Any], bool]],
        conditions: dict[str, Callable[[Any, Any], bool]] | None = None,
        words: dict[str, Any],
    ) -> None:
        self.moves = moves
        self.roles = roles
        self.conditions = conditions or {}
        self.words = words
        for move in moves:
            missing = [w for w in (*move.who, *move.needs) if w not in words]
            missing += [w for w in move.who if w not in roles]
            missing += [c for c in (move.when, *move.needs) if c and c not in self.conditions]
            if missing:
                raise ValueError(f"{move.action}: unknown {missing}")

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    def find(self, subject: Any, action: str) -> Move | None:
        """Return the move that `action` is for `subject` in its present state, or None."""
        for move in self.moves:
            if move.action != action or subject.state not in move.sources:
                continue
            if not move.when or self.conditions[move.when](subject, None):
                return move
        return None

    def may(self, move: Move, subject: Any, context: Any) -> bool:
        """Return whether one of the move's roles fits the actor in `context`."""
        return any(self.roles[role](subject, context) for role in move.who)

    def obstacle(self, move: Move, subject: Any, context: Any) -> str:
        """Return what the move still lacks, in words, whoever makes it; empty when nothing."""
        lacking = (need for need in move.needs if not self.conditions[need](subject, context))
        return str(self.words[need]) if (need := next(lacking, "")) else ""

    def offers(self, subject: Any, context: Any) -> list[Offer]:
        """Return every move out of the subject's state, those the actor may make first."""
        found = []
        for move in self.moves:
            if subject.state not in move.sources:
                continue
            if move.when and not self.conditions[move.when](subject, context):
                continue
            if self.may(move, subject, context):
                reason = self.obstacle(move, subject, context)
            else:
                reason = str(self.words[move.who[0]])
            found.append(Offer(move, not reason, reason))
        return sorted(found, key=lambda offer: not offer.allowed)

    def check(self, subject: Any, action: str, stale: str) -> Move:
        """Return the move, or raise Refused with the sentence `stale`: the state has no such way out."""
        move = self.find(subject, action)
        if move is None:
            raise Refused(stale)
        return move
