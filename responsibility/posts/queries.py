"""What belongs to a post, and who could hold it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from responsibility.alerts.models import Alert
from responsibility.assignments.models import Assignment
from responsibility.assignments.services import of_every_matter
from responsibility.obligations import words
from responsibility.obligations.models import Obligation
from responsibility.posts.models import Handover
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Holding, Post, PostScope, Substitution, User
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock

SHOWN = 50  # of what is open, and of assignments
OFFERED = 40  # people
MINE = 12  # handovers on somebody's own page
SHOWN_FOR = dt.timedelta(days=60)  # after the day of a handover


@dataclass(frozen=True)
class Owed:
    """Something open, in the reader's words."""

    title: str
    due_on: dt.date
    over: int
    is_overdue: bool


@dataclass(frozen=True)
class Held:
    """What a post holds on a day."""

    holder: User | None
    substitute: Substitution | None
    holdings: list[Holding]
    substitutions: list[Substitution]
    scopes: list[PostScope]
    assignments: list[Assignment]
    assigned: int
    owed: list[Owed]
    open: int
    unread: int
    handovers: list[Handover]


def posts_seen(user: Any) -> QuerySet[Post]:
    """Return the posts whose page `user` may open: of bodies for officials, and those of one's own body.

    For the safety committee's office those of the enterprises too whose posts it fills.
    """
    reach = user.reach
    wanted = Q(enterprise__in=reach.enterprise_ids) | Q(pk__in=reach.post_ids)
    wanted |= Q(unit__in=[post.unit_id for post in user.standing.posts if post.unit_id])
    if reach.is_official:
        wanted |= Q(unit__isnull=False)
    for post in user.standing.posts:
        if post.kind == PostKind.OFFICE:
            here = of_every_matter(reach.of(acting=True, post_id=post.pk))
            wanted |= Q(enterprise__in=Enterprise.objects.reached_by(here).values("pk"))
    return Post.objects.filter(wanted).select_related("unit__district", "enterprise")


def locked(pk: int) -> Post:
    """Return a post, locked: it changes hands in one act at a time."""
    return Post.objects.select_for_update(of=("self",)).select_related("unit__district").get(pk=pk)


def changes_hands(post: Post, *, after: dt.date) -> dt.date | None:
    """Return the first day later than `after` on which the post comes to somebody, or becomes vacant."""
    comes = Holding.objects.filter(post=post, span__startswith__gt=after).values_list("span", flat=True)
    goes = Handover.objects.standing().filter(post=post, on__gt=after).values_list("on", flat=True)
    return min([*(span.lower for span in comes), *goes], default=None)


def held(post: Post, *, now: dt.datetime) -> Held:
    """Return what `post` holds now. A bounded number of queries."""
    today = clock.local_date(now)
    assignments = Assignment.objects.as_of(today).filter(post=post)
    owed = Obligation.objects.open().filter(debtor_post=post)
    holdings = list(Holding.objects.filter(post=post).select_related("user").order_by("-span"))
    substitutions = list(Substitution.objects.filter(post=post).select_related("user").order_by("-span"))
    return Held(
        holder=next((row.user for row in holdings if _is_on(row, today)), None),
        substitute=next((row for row in substitutions if _is_on(row, today)), None),
        holdings=holdings,
        substitutions=substitutions,
        scopes=list(
            PostScope.objects.filter(post=post).select_related("district", "matter", "unit", "enterprise")
        ),
        assignments=list(
            assignments.select_related("matter", "district", "site").order_by("line", "tier", "pk")[:SHOWN]
        ),
        assigned=assignments.count(),
        owed=worded(owed.order_by("due_at", "pk")[:SHOWN], now=now),
        open=owed.count(),
        unread=Alert.objects.filter(post=post).unread().count(),
        handovers=list(
            Handover.objects.filter(post=post).select_related("giver", "receiver").order_by("-on")[:SHOWN]
        ),
    )


def certificates(holder: Any) -> list[Certificate]:
    """Return the enforcement certificates of a post's holder, the latest first; none of a vacant post's."""
    if holder is None:
        return []
    rows = Certificate.objects.filter(user=holder, kind=CertificateKind.ENFORCEMENT)
    return list(rows.order_by("-span", "-pk"))


def mine(user: Any, *, today: dt.date) -> list[Handover]:
    """Return the handovers in which `user` gives or receives: to come, and of the last 60 days. One query.

    The latest first.
    """
    both = Handover.objects.filter(Q(giver=user) | Q(receiver=user), on__gte=today - SHOWN_FOR)
    return list(
        both.select_related("post__unit", "post__enterprise", "giver", "receiver").order_by("-on", "-pk")[
            :MINE
        ]
    )


def worded(rows: Any, *, now: dt.datetime) -> list[Owed]:
    """Return obligations in the reader's words. One query."""
    return [
        Owed(words.title(row.label, row.params), row.due_on, row.days_over(now), row.is_overdue(now))
        for row in rows
    ]


def _is_on(row: Any, day: dt.date) -> bool:
    return row.span.lower <= day and (row.span.upper is None or day < row.span.upper)


@dataclass(frozen=True)
class Leaving:
    """A post that somebody who leaves holds, or is to hold later."""

    post: Post
    since: dt.date | None  # where it is still to come to them
    until: dt.date | None  # where it is given on already: the first day of the next one


def to_be_given_on(person: User, *, today: dt.date) -> list[Leaving]:
    """Return what `person` holds today or is to hold later, each post once, in their order. One query."""
    rows = Holding.objects.filter(Q(span__upper_inf=True) | Q(span__endswith__gt=today), user=person)
    last = rows.order_by("post_id", "-span").distinct("post_id")
    return [
        Leaving(row.post, row.span.lower if row.span.lower > today else None, row.span.upper)
        for row in last.select_related("post__unit__district", "post__enterprise")
    ]


def people(post: Post, text: str, *, today: dt.date) -> QuerySet[User]:
    """Return who could hold `post`: whoever is found by `text`, or else who holds a post in the same body.

    For an enterprise that is whoever has held one of its posts; a stranger, who holds nothing at all, only by
    their whole telephone number or user name, so that nobody can look around among accounts.
    """
    every = User.objects.filter(is_active=True).order_by("name", "pk")
    if text:
        named = Q(name__icontains=text) | Q(name_en__icontains=text) | Q(username__iexact=text)
        found = every.filter(named | Q(phone__startswith=text))
        if post.enterprise_id is not None:
            known = Q(pk__in=Holding.objects.filter(post__enterprise=post.enterprise_id).values("user"))
            stranger = Q(Q(phone=text) | Q(username=text), ~_holds(today), is_staff=False)
            return every.filter(known & (named | Q(phone__startswith=text)) | stranger)[:OFFERED]
        return found.exclude(holdings__post__enterprise__isnull=False)[:OFFERED]
    return every.filter(_in_body(post), holdings__span__contains=today).distinct()[:OFFERED]


def _holds(today: dt.date) -> Q:
    """Whether somebody holds a post or stands in for one, today or later."""
    still = Q(span__upper_inf=True) | Q(span__endswith__gt=today)
    return Q(
        Exists(Holding.objects.filter(still, user=OuterRef("pk")))
        | Exists(Substitution.objects.filter(still, user=OuterRef("pk")))
    )


@dataclass(frozen=True)
class Manned:
    """A post of an enterprise, who holds it and who stands in."""

    post: Post
    holder: User | None
    substitute: Substitution | None


def of_enterprise(enterprise: int, user: Any, *, today: dt.date) -> list[Manned]:
    """Return the posts of an enterprise that `user` may open, in their order. Three queries."""
    posts = list(posts_seen(user).filter(enterprise=enterprise).order_by("pk"))
    now: dict[str, Any] = {"post__in": posts, "span__contains": today}
    holders = {row.post_id: row.user for row in Holding.objects.filter(**now).select_related("user")}
    leaves = {row.post_id: row for row in Substitution.objects.filter(**now).select_related("user")}
    return [Manned(post, holders.get(post.pk), leaves.get(post.pk)) for post in posts]


def _in_body(post: Post) -> Q:
    if post.enterprise_id is not None:
        return Q(holdings__post__enterprise=post.enterprise_id)
    return Q(holdings__post__unit=post.unit_id)
