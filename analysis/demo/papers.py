"""Documents of the demo city: orders, one of them corrected, measures, opinions, a listing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from analysis.demo.businesses import DEMO_NAME
from hazards.actors import actor_for
from hazards.choices import Grade, State
from hazards.listed.choices import ListingLevel
from hazards.listed.queries import rules_for
from hazards.listed.services import list_hazard
from hazards.models import Hazard
from hazards.papers.choices import PaperKind
from hazards.papers.models import HazardPaper
from hazards.papers.rules import known_of, leave
from hazards.papers.services import issue_paper
from hazards.papers.values import proposed
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.kernel import clock

ORDERS, OPINIONS = 5, 2
SOON = dt.timedelta(minutes=20)  # after the step that a document is about


def issue_papers(*, now: dt.datetime) -> None:
    """Issue a few documents about what was ordered and accepted of late."""
    Papers(now).issue_all()


class Papers:
    """What bodies have issued, in the order of its days, so that numbers follow them."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        heads = Post.objects.filter(kind=PostKind.HEAD, unit__district__level="district")
        self.heads = list(heads.select_related("unit__district").order_by("pk"))

    def issue_all(self) -> None:
        """Issue them all."""
        rows = Hazard.objects.select_related("ordered_by__unit", "enterprise", "site")
        ordered = rows.filter(state=State.RECTIFYING, ordered_at__isnull=False, grade=Grade.GENERAL)
        own = list(ordered.filter(enterprise__name=DEMO_NAME).order_by("-ordered_at")[:1])
        others = ordered.exclude(enterprise__name=DEMO_NAME).order_by("-ordered_at")[: ORDERS - len(own)]
        orders = sorted([*own, *others], key=lambda row: row.ordered_at or self.now)
        issued = [self._issue(PaperKind.ORDER, [row]) for row in orders]
        if (last := next((paper for paper in reversed(issued) if paper), None)) is not None:
            hazards = [item.hazard for item in last.items.select_related("hazard__ordered_by__unit")]
            text = "原件所列整改要求有误，以本件为准。"
            self._issue(PaperKind.ORDER, hazards, corrects=last, text=text, at=self.now)
        for row in rows.filter(state=State.CLOSED, ordered_at__isnull=False).order_by("-closed_at")[
            :OPINIONS
        ]:
            self._issue(PaperKind.OPINION, [row], at=row.closed_at)
        for row in rows.open().filter(grade=Grade.MAJOR, ordered_at__isnull=False).order_by("-pk")[:1]:
            self._issue(PaperKind.MEASURES, [row], said="暂停使用相关区域，从危险区域内撤出作业人员")
            self._list(row)

    def _list(self, hazard: Hazard) -> None:
        """Put it on its district's list, with the notice of it."""
        today = clock.local_date(self.now)
        manned = holders([post.pk for post in self.heads], on=today)
        for post in self.heads:
            actor = manned.get(post.pk)
            if actor and rules_for(hazard, actor_for(hazard, actor, post, now=self.now), today):
                break
        else:
            return  # nobody who lists reaches it
        list_hazard(
            hazard=hazard,
            level=ListingLevel.DISTRICT,
            note="隐患危险性大、治理周期长，由区政府挂牌督办。",
            actor=actor,
            acting_post=post,
            now=self.now,
        )
        self._issue(PaperKind.LISTING, [hazard], post=post, at=self.now)

    def _issue(
        self,
        kind: PaperKind,
        hazards: Sequence[Hazard],
        *,
        post: Post | None = None,
        said: str = "",
        at: dt.datetime | None = None,
        **more: Any,
    ) -> HazardPaper | None:
        """Issue one, unless nobody could; a document about an order follows it soon."""
        first = hazards[0]
        post = post or first.ordered_by
        now = min((at or first.ordered_at or self.now) + SOON, self.now)
        actor = holders([post.pk], on=clock.local_date(self.now)).get(post.pk) if post else None
        if actor is None or (
            "corrects" not in more and not leave(kind, first, known_of([first], actor, post)).is_given
        ):
            return None
        texts = {row.pk: said for row in hazards} if said else proposed(kind, hazards)
        return issue_paper(
            token=uuid.uuid4(),
            kind=kind,
            hazards=hazards,
            texts=texts,
            actor=actor,
            acting_post=post,
            now=now,
            **more,
        )
