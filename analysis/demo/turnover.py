"""Who comes and goes in the demo city: a post handed over, another that will be, somebody who has left."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from responsibility.obligations.models import Obligation
from responsibility.posts.models import Handover
from responsibility.posts.services import hand_over, leave
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Holding, Post, Substitution, User
from safegrid.grid.models import District
from safegrid.kernel import clock

if TYPE_CHECKING:
    from analysis.demo.clockwork import City

HANDED_OVER, LEFT = 16, 12  # days ago
#: Cells whose officers have left, and nobody has come: in the second one nothing stands yet.
LEFT_CELL, EMPTY_CELL = "630102002008001", "630102003007001"
NEXT_CELL = "630102001001002"  # beside the cell of `gridofficer`, who takes it on as well
TAKEN_ON_IN = 7  # days


def as_head(now: dt.datetime) -> dict[str, Any]:
    """Return who says who holds what in 城东区: its head."""
    user = User.objects.get(username="chengdong")
    return {"actor": user, "acting_post": user.standing.posts[0], "now": now}


def post_of_cell(code: str) -> Post:
    """Return the grid officer's post of a cell."""
    return Post.objects.get(kind=PostKind.GRID_OFFICER, scopes__district__code=code)


def hand_officer_over(city: City, now: dt.datetime) -> bool:
    """Let the officer with most open work go elsewhere, and a newcomer follow; return whether one did.

    Nobody goes on a day on which nothing is open. From then on the newcomer does what the post has to do.
    """
    post = _busiest(city)
    if post is None:
        return False
    today, office = clock.local_date(now), city.bodies.office
    newcomer = User.objects.create(
        username="p90001",
        name="林远帆",
        email="p90001@safegrid.example",
        phone="0971-5590001",
        password="!",  # noqa: S106 (no password at all)
    )
    Certificate.objects.create(
        user=newcomer,
        kind=CertificateKind.ENFORCEMENT,
        number=f"青A9{post.pk:05d}",
        span=(today - dt.timedelta(days=90), today + dt.timedelta(days=5 * 365)),
    )
    hand_over(
        post=post,
        to=newcomer,
        on=today,
        note="手头的复查和待定级事项见交接单，重点企业的情况已当面说明。",
        actor=city.people[office.pk],
        acting_post=office,
        now=now,
    )
    city.people[post.pk] = newcomer
    return True


def _busiest(city: City) -> Post | None:
    """Return the officer's post that owes most; None where none owes anything.

    Neither the cast goes nor who stands in for somebody else.
    """
    stay = Q(username__in=("inspector", "inspector2")) | Q(pk__in=Substitution.objects.values("user"))
    kept = set(Holding.objects.filter(user__in=User.objects.filter(stay)).values_list("post", flat=True))
    posts = {post.pk: post for each in city.bodies.officers.values() for post in each if post.pk not in kept}
    owed = Obligation.objects.open().filter(debtor_post__in=posts).order_by().values_list("debtor_post")
    most = owed.annotate(n=Count("pk")).order_by("-n", "debtor_post").first()
    return posts[most[0]] if most is not None else None


def leave_cells(city: City, now: dt.datetime) -> None:
    """Let the officers of two cells leave; the audit says that nobody looks after them."""
    for code in (LEFT_CELL, EMPTY_CELL):
        post = post_of_cell(code)
        person = city.people[post.pk]
        leave(person=person, successors={post: None}, on=clock.local_date(now), **as_head(now))


def plan_handover(*, now: dt.datetime) -> None:
    """Let `gridofficer` take on the cell beside their own next week. Safe to repeat."""
    post = post_of_cell(NEXT_CELL)
    if Handover.objects.standing().filter(post=post).exists():
        return
    cell = District.objects.get(code=NEXT_CELL)
    hand_over(
        post=post,
        to=User.objects.get(username="gridofficer"),
        on=clock.local_date(now) + dt.timedelta(days=TAKEN_ON_IN),
        note=f"{cell.name}的网格员调往他处，下周起由相邻网格的网格员一并负责。",
        **as_head(now),
    )
