"""Who is asked for the points that a reviewer gives: one thing owed for each reviewing post and quarter.

A quarter that is over waits for its reviewed items until it is locked. What waits is asked of the post that
signs for whoever received the statements; where there is none, of the post that issued them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.calendars.services import due_on, policy
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import close_obligations, open_obligation, owed_about
from responsibility.statements.bodies import SPEAKERS, signing_posts
from responsibility.statements.choices import SCORED, Scoring
from responsibility.statements.models import ScoreLine, ScoreLineQuerySet, Statement, quarter_days
from responsibility.units.heirs import heirs, in_line
from safegrid.accounts.models import Post
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of

REVIEW = "statement_review"
LOCK_POLICY = "statement_lock"
TAB = "to_review"


def _list(params: dict[str, Any]) -> str:
    return f"{reverse('responsibility:statements')}?tab={TAB}"


kinds.plug(
    REVIEW,
    Kind(
        REVIEW,
        _("Give the points that a reviewer gives: quarter %(quarter)s of %(year)s"),
        _("Give points"),
        _list,
        name=_("Review of scores"),
        day_is_given=True,
    ),
)


def lock_day(year: int, quarter: int) -> dt.date:
    """Return the last local day on which a quarter can still be reviewed: by policy after its end."""
    _first, last = quarter_days(year, quarter)
    return due_on(policy(LOCK_POLICY, on=last), start=last)


def unscored() -> ScoreLineQuerySet:
    """Return the reviewed items to which nobody has given points, in first scores that are in force."""
    return ScoreLine.objects.filter(
        score__revision=0,
        score__statement__state__in=SCORED,
        item__scoring=Scoring.REVIEWED,
        points=None,
    )


def waiting(*, today: dt.date) -> ScoreLineQuerySet:
    """Return those of them that wait for a reviewer: the quarter is over, and not locked."""
    quarter = (today.month + 2) // 3
    over = Q(score__statement__year__lt=today.year) | Q(
        score__statement__year=today.year, score__quarter__lt=quarter
    )
    return unscored().filter(over, score__locked_at=None)


def asked_of(posts: Iterable[int]) -> Q:
    """Return the predicate of the statements whose reviewers `posts` are."""
    if not (own := sorted(posts)):
        return Q(pk__in=[])
    speaking = Post.objects.filter(pk__in=own, kind__in=SPEAKERS, unit__isnull=False)
    spoken_for = Post.objects.filter(kind__in=SPEAKERS, unit=OuterRef("receiver"))
    nobody = ~Exists(spoken_for) & Q(receiver__closed_on=None)
    return Q(receiver__in=in_line(speaking.values("unit"))) | (
        Q(issued_post__in=speaking.values("pk")) & nobody
    )


def to_review(rows: Any, user: Any, now: dt.datetime) -> Any:
    """Return the statements in which something waits for one of the person's posts."""
    lines = waiting(today=clock.local_date(now)).filter(score__statement=OuterRef("pk"))
    return rows.filter(asked_of(reach_of(user).post_ids), Exists(lines))


def ask(*, now: dt.datetime) -> int:
    """Let each reviewing post owe the points of the first quarter that waits; return how many were new.

    Safe to repeat. What is owed no more ends first.
    """
    end(now=now)
    today = clock.local_date(now)
    groups = (
        waiting(today=today)
        .order_by()
        .values_list("score__statement__receiver", "score__statement__year", "score__quarter")
    )
    found = list(groups.annotate(issued_by=Min("score__statement__issued_post")))
    speaking = signing_posts({receiver for receiver, *_quarter, _issued_by in found}, on=today)
    issuing = Post.objects.select_related("unit__district").in_bulk([row[-1] for row in found if row[-1]])
    quarters: dict[int, set[tuple[int, int]]] = defaultdict(set)
    posts: dict[int, Post] = {}
    for receiver, year, quarter, issued_by in found:
        post = speaking.get(receiver) or issuing.get(issued_by)
        if post is not None:
            posts[post.pk] = post
            quarters[post.pk].add((year, quarter))
    asked = set(owed_about(Post, REVIEW).values_list("debtor_post", flat=True))
    for pk in sorted(posts.keys() - asked):
        _open(posts[pk], *min(quarters[pk]), now=now)
    return len(posts.keys() - asked)


def _open(post: Post, year: int, quarter: int, *, now: dt.datetime) -> Obligation:
    return open_obligation(
        kind=REVIEW,
        subject=post,
        site=None,
        debtor_post=post,
        due_at=max(clock.day_end(lock_day(year, quarter)), now),
        place_ids=columns(post.unit.district) if post.unit else None,
        params={"year": str(year), "quarter": quarter},
        now=now,
    )


def end(*, now: dt.datetime, statements: Iterable[Statement] | None = None) -> None:
    """Close what is owed where nothing waits any more: met, or lapsed where a quarter was locked without it.

    Of every post, or of those that are asked for one of `statements`.
    """
    today = clock.local_date(now)
    owed = owed_about(Post, REVIEW)
    if statements is not None:
        rows = list(statements)
        units = {heir for each in heirs({row.receiver_id for row in rows}).values() for heir in each}
        owed = owed.filter(
            Q(debtor_post__unit__in=units) | Q(debtor_post__in={row.issued_post_id for row in rows} - {None})
        )
    for row in owed.select_related("debtor_post").order_by("pk"):
        assert row.debtor_post is not None  # noqa: S101 (opened so)
        theirs = Statement.objects.filter(asked_of([row.debtor_post.pk]), year=int(row.params["year"]))
        lines = {"score__quarter": row.params["quarter"], "score__statement__in": theirs.values("pk")}
        if waiting(today=today).filter(**lines).exists():
            continue
        outcome = Outcome.LAPSED if unscored().filter(**lines).exists() else Outcome.MET
        close_obligations(subject=row.debtor_post, kinds=[REVIEW], outcome=outcome, now=now)
