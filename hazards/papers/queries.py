"""What pages ask about papers of hazards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hazards.choices import OPEN, State
from hazards.models import Hazard
from hazards.papers.choices import PaperKind
from hazards.papers.models import HazardPaper
from hazards.papers.rules import Leave, known_of, leave
from responsibility.units.heirs import bodies_of, speaks_for
from safegrid.grid.models import Enterprise

OFFERED = 20  # other hazards of the enterprise, to stand in the same paper

#: In which states hazards stand that papers of a kind are about.
STATES = {
    PaperKind.ORDER: OPEN,
    PaperKind.MEASURES: OPEN,
    PaperKind.OPINION: (State.CLOSED, State.RECTIFYING),
    PaperKind.LISTING: OPEN,
}


@dataclass(frozen=True)
class Shown:
    """A paper on the page of a hazard; who does not see all that stands in it reads its number only."""

    paper: HazardPaper
    is_readable: bool
    is_replaced: bool
    may_correct: bool


def papers_about(hazard: Hazard, user: Any, post: Any) -> list[Shown]:
    """Return the papers in which a hazard stands, the first on top. Three queries."""
    rows = HazardPaper.objects.filter(items__hazard=hazard).order_by("pk")
    found = list(rows.select_related("document__unit", "corrected_by__document"))
    readable = set(rows.visible_to(user).values_list("pk", flat=True)) if found else set()
    held = post is not None and post.pk in user.reach.post_ids
    bodies = bodies_of(post.unit_id) if readable and held else set()
    return [
        Shown(
            paper,
            paper.pk in readable,
            hasattr(paper, "corrected_by"),
            paper.pk in readable and paper.unit_id in bodies and not hasattr(paper, "corrected_by"),
        )
        for paper in found
    ]


def may_correct(paper: HazardPaper, user: Any, post: Any) -> bool:
    """Return whether `user` as `post` may put a mistake right: the issuing body, or who follows it."""
    held = post is not None and post.pk in user.reach.post_ids
    return held and speaks_for(post.unit_id, paper.unit_id) and not hasattr(paper, "corrected_by")


def on_offer(hazard: Hazard, user: Any, post: Any) -> list[tuple[PaperKind, Leave]]:
    """Return the kinds of papers that the post could issue about a hazard, and what stands against each."""
    known = known_of([hazard], user, post)
    found = [(kind, leave(kind, hazard, known)) for kind in PaperKind]
    return [(kind, may) for kind, may in found if not may.whose]


def companions(kind: PaperKind, hazards: Sequence[Hazard], user: Any, post: Any) -> list[Hazard]:
    """Return other hazards of the enterprise that may stand in the same paper, the latest found first."""
    taken = {hazard.pk for hazard in hazards}
    found = candidates(kind, hazards[0].enterprise, user, post)
    return [row for row in found if row.pk not in taken]


def candidates(kind: PaperKind, enterprise: Enterprise, user: Any, post: Any) -> list[Hazard]:
    """Return the hazards of an enterprise that may stand in a paper of `kind`, the latest found first.

    Four queries, however many.
    """
    rows = Hazard.objects.visible_to(user).filter(enterprise=enterprise, state__in=STATES[kind])
    if kind in (PaperKind.ORDER, PaperKind.OPINION):
        rows = rows.filter(ordering_unit=getattr(post, "unit_id", None))
    found = list(rows.select_related("enterprise", "site").order_by("-found_at", "-pk")[:OFFERED])
    known = known_of(found, user, post)
    return [row for row in found if leave(kind, row, known).is_given]
