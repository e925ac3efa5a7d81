"""Whose a report is: the responsibility rule for the site, or for the place and matter without one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.resolution import Answer, who_answers_in
from responsibility.transfers.queries import office_unit
from responsibility.units.answering import speaking_posts
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.models import Matter, Site, Unit
from safegrid.kernel import clock

#: The line that answers for what is dangerous comes first; what it does not speak to, the next one does.
LINES = (Line.INDUSTRY, Line.TERRITORIAL, Line.COMPREHENSIVE)
#: Posts that take reports up, those that can look into them first.
WORKING = (PostKind.OFFICER, PostKind.SUPERVISOR, PostKind.OFFICE, PostKind.HEAD)


@dataclass(frozen=True)
class Proposal:
    """The body that a report goes to first, and the post of it that takes it up."""

    unit: Unit
    post: Post


def propose(
    *, site: Site | None, place_ids: Mapping[str, int | None], matter: Matter, now: dt.datetime
) -> Proposal | None:
    """Return whose a report is: the committee's office where nobody answers, None without an office."""
    on = clock.local_date(now)
    answers = who_answers_in(place_ids, [matter], site=site, on=on)
    leading = [answer.post for line in LINES for answer in answers if _leads(answer, line)]
    for post in leading:
        if post and post.unit and (found := _of(post.unit, post, on)) is not None:
            return found
    office = office_unit()
    return _of(office, None, on) if office is not None else None


def _leads(answer: Answer, line: Line) -> bool:
    return answer.line == line and answer.tier == Tier.LEAD


def _of(unit: Unit, answering: Post | None, on: dt.date) -> Proposal | None:
    """Return who takes it up in `unit`: who answers, if that is no head, else who works there; manned."""
    post = speaking_posts([unit.pk], WORKING, on=on, is_manned=True).get(unit.pk)
    if answering is not None and answering.kind in WORKING[:3] and holders([answering.pk], on=on):
        post = answering
    return Proposal(unit, post) if post is not None else None
