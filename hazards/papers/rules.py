"""Who may issue which paper about a hazard, and when: the only place that says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hazards.choices import Road, State
from hazards.lifecycle import Actor, actor_for
from hazards.models import Hazard
from hazards.papers.choices import ONCE, PaperKind
from hazards.papers.models import PaperHazard
from safegrid.accounts.choices import PostKind

#: Steps by which the body says what it found at a re-inspection.
LOOKED = ("accept", "send_back")
DECIDES = (PostKind.OFFICER, PostKind.SUPERVISOR)
LISTS = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR)


@dataclass(frozen=True)
class Leave:
    """Whether a paper may be issued: `whose` says for whom it is, `obstacle` why not now. Empty: it may."""

    whose: str = ""
    obstacle: str = ""
    round: int = 1

    @property
    def is_given(self) -> bool:
        """Whether nothing stands against it."""
        return not self.whose and not self.obstacle


def leave(
    kind: PaperKind, hazard: Hazard, user: Any, post: Any, *, now: dt.datetime, corrects: bool = False
) -> Leave:
    """Return whether `user` as `post` may issue a paper of `kind` about `hazard`.

    With `corrects` it takes the place of one that holds, so that one is no obstacle. Three queries at most.
    """
    actor = actor_for(hazard, user, post, now=now)
    whose = WHO[kind](hazard, actor)
    if whose or actor.post is None or actor.post.unit_id is None:
        return Leave(whose=whose or _("a body issues this"))
    if hazard.state == State.CANCELLED:
        return Leave(obstacle=_("it was cancelled"))
    obstacle, round_ = WHEN[kind](hazard)
    if not obstacle and not corrects and kind in ONCE and standing(hazard, kind, round_):
        obstacle = _("one was issued already; it can be corrected")
    return Leave(obstacle=obstacle, round=round_)


def standing(hazard: Hazard, kind: PaperKind, round: int) -> bool:
    """Return whether a paper of `kind` about this round holds."""
    rows = PaperHazard.objects.filter(hazard=hazard, kind=kind, round=round, is_replaced=False)
    return rows.exists()


def _ordering_body(hazard: Hazard, actor: Actor) -> str:
    is_body = actor.is_kind(*DECIDES) and actor.post.unit_id == hazard.ordering_unit_id
    return "" if is_body else _("the body that gave the order issues this")


def _officer(hazard: Hazard, actor: Actor) -> str:
    may = actor.in_scope and actor.is_kind(*DECIDES)
    return "" if may else _("a certified officer of this area issues this")


def _higher_body(hazard: Hazard, actor: Actor) -> str:
    may = actor.in_scope and actor.is_kind(*LISTS)
    return "" if may else _("a government, the safety committee office or a member unit issues this")


def _ordered(hazard: Hazard) -> tuple[str, int]:
    is_ordered = hazard.ordered_at is not None and hazard.is_open and hazard.state != State.GRADED
    return ("" if is_ordered else _("rectification is not ordered")), hazard.round


def _open(hazard: Hazard) -> tuple[str, int]:
    if hazard.road != Road.ORDERED:
        return _("the enterprise found it itself, and officials have not stepped in"), hazard.round
    return ("" if hazard.is_open else _("it is over")), hazard.round


def _looked_at(hazard: Hazard) -> tuple[str, int]:
    """A sending back begins the next round; what was looked at is the one before."""
    last = hazard.steps.filter(action__in=(*LOOKED, "submit", "reopen")).order_by("-pk").first()
    if last is None or last.action not in LOOKED:
        return _("it was not re-inspected yet"), hazard.round
    return "", hazard.round - (last.action == "send_back")


def _major(hazard: Hazard) -> tuple[str, int]:
    if not hazard.is_major:
        return _("only a major hazard is listed"), hazard.round
    return ("" if hazard.is_open else _("it is over")), hazard.round


WHO = {
    PaperKind.ORDER: _ordering_body,
    PaperKind.MEASURES: _officer,
    PaperKind.OPINION: _ordering_body,
    PaperKind.LISTING: _higher_body,
}
WHEN = {
    PaperKind.ORDER: _ordered,
    PaperKind.MEASURES: _open,
    PaperKind.OPINION: _looked_at,
    PaperKind.LISTING: _major,
}
