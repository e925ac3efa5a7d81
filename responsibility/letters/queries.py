"""Which rung comes next, what a letter can be about, and who may send one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from responsibility.documents import services as documents
from responsibility.guidance.models import Notice
from responsibility.instructions.queries import acting_places, units_below
from responsibility.letters.choices import LADDER, Rung
from responsibility.letters.models import UnitLetter
from responsibility.obligations import words
from responsibility.obligations.models import Obligation, ObligationQuerySet
from responsibility.replies.choices import ReplyState
from responsibility.units.heirs import bodies_of
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.grid.models import Unit

SHOWN = 20  # letters on a unit's page
NUMBER_LENGTH = 60  # of a notice's document
OFFERED = 100  # things that a letter can be about


def may_send(post: Post | None, unit: Unit | None = None) -> bool:
    """Whether `post` may send letters: the safety committee's office, to bodies in places where it acts."""
    if post is None or post.kind != PostKind.OFFICE:
        return False
    branches = acting_places(post)
    return bool(branches) and (unit is None or units_below(branches).filter(pk=unit.pk).exists())


def next_rung(unit: Unit) -> tuple[Rung, UnitLetter | None]:
    """Return the rung that comes next for `unit`, and the letter not answered yet that makes it so.

    One above the highest letter that waits for its answer; the reminder where none does.
    """
    waiting = list(UnitLetter.objects.filter(unit=unit, state=ReplyState.OPEN))
    if not waiting:
        return LADDER[0], None
    highest = max(waiting, key=lambda letter: (LADDER.index(Rung(letter.rung)), letter.pk))
    step = LADDER.index(Rung(highest.rung)) + 1
    return LADDER[min(step, len(LADDER) - 1)], highest


def is_skipping(rung: str, expected: Rung) -> bool:
    """Whether `rung` lies above the one that comes next."""
    return LADDER.index(Rung(rung)) > LADDER.index(expected)


def late_of(unit: Unit, user: Any, *, now: dt.datetime) -> ObligationQuerySet:
    """Return what the unit's posts are late with, as far as `user` sees it, the longest late first."""
    rows = Obligation.objects.visible_to(user).overdue(now).filter(debtor_post__unit=unit)
    return rows.order_by("due_at", "pk")


@dataclass(frozen=True)
class Late:
    """Something that a unit is late with, in the reader's words."""

    pk: int
    title: str
    due_on: dt.date
    over: int


def worded(rows: Any, *, now: dt.datetime) -> list[Late]:
    """Return obligations in the reader's words. One query."""
    return [Late(r.pk, words.title(r.label, r.params), r.due_on, r.days_over(now)) for r in rows]


def notices_of(letter: UnitLetter, user: Any) -> list[Notice]:
    """Return the notices by which a circular was told to other bodies, those that `user` reads. One query."""
    if letter.rung != Rung.CIRCULAR:
        return []
    numbers = [number[:NUMBER_LENGTH] for number in documents.about(letter).values_list("number", flat=True)]
    return list(Notice.objects.visible_to(user).filter(number__in=numbers, post=letter.sender_post_id))


def letters_to(unit: Unit, user: Any) -> list[UnitLetter]:
    """Return the latest letters to `unit`, or to a body before it, that `user` may read. Two queries."""
    rows = UnitLetter.objects.visible_to(user).filter(unit__in=bodies_of(unit.pk))
    return list(rows.select_related("post", "sender_post").order_by("-pk")[:SHOWN])
