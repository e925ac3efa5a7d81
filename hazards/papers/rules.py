"""Who may issue which paper about a hazard, and when: the only place that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from hazards.choices import Road, State
from hazards.listed.models import ListedSupervision
from hazards.models import Hazard, Step
from hazards.papers.choices import ONCE, PaperKind
from hazards.papers.models import PaperHazard
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post

#: Steps by which the body says what it found at a re-inspection, and those after which it has yet to look.
LOOKED = ("accept", "send_back")
NOT_YET = ("submit", "reopen")
DECIDES = (PostKind.OFFICER, PostKind.SUPERVISOR)
LISTS = (PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR)


@dataclass(frozen=True)
class Known:
    """What the rules ask about some hazards: who acts as which post, where, and what has happened."""

    post: Post | None  # None for somebody who does not hold the post that they name
    in_scope: frozenset[int]
    standing: frozenset[tuple[int, str, int]]  # hazard, kind and round of the papers that hold
    last: Mapping[int, str]  # the last step of a hazard about its rectification
    listed: Mapping[int, int]  # the unit on whose list a hazard stands

    def is_kind(self, *kinds: PostKind) -> bool:
        """Whether the post is of one of `kinds`."""
        return self.post is not None and self.post.kind in kinds


def known_of(hazards: Iterable[Hazard], user: Any, post: Post | None) -> Known:
    """Return what the rules ask about `hazards` when `user` acts as `post`. Four queries, however many."""
    hazards = list(hazards)
    ids = [hazard.pk for hazard in hazards]
    major = [hazard.pk for hazard in hazards if hazard.is_major]
    if post is None or post.pk not in user.reach.post_ids or post.unit_id is None:
        return Known(None, frozenset(), frozenset(), {}, {})
    reached = Hazard.objects.editable_by(user, post).filter(pk__in=ids)
    holding = PaperHazard.objects.filter(hazard__in=ids, kind__in=ONCE, is_replaced=False)
    steps = Step.objects.filter(hazard__in=ids, action__in=(*LOOKED, *NOT_YET)).order_by("pk")
    return Known(
        post,
        frozenset(reached.order_by().values_list("pk", flat=True)),
        frozenset(holding.order_by().values_list("hazard", "kind", "round")),
        dict(steps.values_list("hazard", "action")),
        dict(ListedSupervision.objects.open().filter(hazard__in=major).values_list("hazard", "unit"))
        if major
        else {},
    )


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


def leave(kind: PaperKind, hazard: Hazard, known: Known) -> Leave:
    """Return whether a paper of `kind` about a hazard may be issued."""
    whose = WHO[kind](hazard, known)
    if whose:
        return Leave(whose=whose)
    if hazard.state == State.CANCELLED:
        return Leave(obstacle=_("it was cancelled"))
    obstacle, round_ = WHEN[kind](hazard, known)
    if not obstacle and (hazard.pk, kind.value, round_) in known.standing:
        obstacle = _("one was issued already; it can be corrected")
    return Leave(obstacle=obstacle, round=round_)


def _ordering_body(hazard: Hazard, known: Known) -> str:
    is_body = known.post is not None and known.post.unit_id == hazard.ordering_unit_id
    return "" if is_body and known.is_kind(*DECIDES) else _("the body that gave the order issues this")


def _officer(hazard: Hazard, known: Known) -> str:
    may = hazard.pk in known.in_scope and known.is_kind(*DECIDES)
    return "" if may else _("a certified officer of this area issues this")


def _listing_body(hazard: Hazard, known: Known) -> str:
    """The body on whose list it stands; before that whoever may be one, and reads that it is not listed."""
    unit = known.listed.get(hazard.pk)
    if unit is not None and known.post is not None and known.post.unit_id != unit:
        return _("the body that listed it issues this")
    may = hazard.pk in known.in_scope and known.is_kind(*LISTS)
    return "" if may else _("a government, the safety committee office or a member unit issues this")


def _ordered(hazard: Hazard, known: Known) -> tuple[str, int]:
    is_ordered = hazard.ordered_at is not None and hazard.is_open and hazard.state != State.GRADED
    return ("" if is_ordered else _("rectification is not ordered")), hazard.round


def _open(hazard: Hazard, known: Known) -> tuple[str, int]:
    if hazard.road != Road.ORDERED:
        return _("the enterprise found it itself, and officials have not stepped in"), hazard.round
    return ("" if hazard.is_open else _("it is over")), hazard.round


def _looked_at(hazard: Hazard, known: Known) -> tuple[str, int]:
    """A sending back begins the next round; what was looked at is the one before."""
    last = known.last.get(hazard.pk)
    if last not in LOOKED:
        return _("it was not re-inspected yet"), hazard.round
    return "", hazard.round - (last == "send_back")


def _listed(hazard: Hazard, known: Known) -> tuple[str, int]:
    if not hazard.is_major:
        return _("only a major hazard is listed"), hazard.round
    if not hazard.is_open:
        return _("it is over"), hazard.round
    return ("" if hazard.pk in known.listed else _("first it is put on the list")), hazard.round


WHO = {
    PaperKind.ORDER: _ordering_body,
    PaperKind.MEASURES: _officer,
    PaperKind.OPINION: _ordering_body,
    PaperKind.LISTING: _listing_body,
}
WHEN = {
    PaperKind.ORDER: _ordered,
    PaperKind.MEASURES: _open,
    PaperKind.OPINION: _looked_at,
    PaperKind.LISTING: _listed,
}
