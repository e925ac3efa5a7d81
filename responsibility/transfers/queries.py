"""Who takes a transfer on: bodies, and the post of each that is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from responsibility.transfers.lifecycle import SPEAKERS
from responsibility.transfers.models import Transfer
from responsibility.units.answering import speaking_posts
from safegrid.accounts.models import Post
from safegrid.accounts.queries import holders
from safegrid.grid.choices import UnitKind
from safegrid.grid.models import Unit


def desk(unit: Unit, *, on: dt.date) -> Post | None:
    """Return the post of `unit` that is asked: its head, else who speaks for it; a held one goes first."""
    return speaking_posts([unit.pk], SPEAKERS, on=on).get(unit.pk)


def speakers(unit: Unit, *, on: dt.date) -> list[tuple[Post, Any]]:
    """Return the posts of `unit` that could answer for something, each with who holds it. Two queries."""
    posts = list(Post.objects.filter(unit=unit, kind__in=SPEAKERS).order_by("pk"))
    manned = holders([post.pk for post in posts], on=on)
    return [(post, manned.get(post.pk)) for post in posts]


def office_unit() -> Unit | None:
    """Return the safety committee's office."""
    return Unit.objects.existing().filter(kind=UnitKind.OFFICE).order_by("district__depth", "pk").first()


def receivers() -> QuerySet[Unit]:
    """Return the bodies that can be asked: those with a post that speaks for them, the city's first."""
    speaking = Post.objects.filter(unit=OuterRef("pk"), kind__in=SPEAKERS)
    return (
        Unit.objects.existing()
        .filter(Exists(speaking))
        .select_related("district")
        .defer("district__boundary")
        .order_by("district__depth", "district__path", "pk")
    )


def of_subject(kind: str, pk: int) -> Transfer | None:
    """Return the open transfer of a subject, if there is one."""
    return (
        Transfer.objects.open()
        .filter(kind=kind, subject_id=pk)
        .select_related("receiver_unit")
        .order_by("pk")
        .first()
    )
