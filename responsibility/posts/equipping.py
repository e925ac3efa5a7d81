"""What a post needs to act: the cells of a grid officer, the certificate of an officer who inspects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from responsibility.assignments.services import acts_over
from responsibility.posts.staffing import may_staff, stands_over
from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.accounts.models import Certificate, Holding, Post, PostScope
from safegrid.audit.services import record
from safegrid.grid.choices import Level, UnitKind
from safegrid.grid.models import District, Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed

TITLE_LENGTH = 80


def may_look_after(acting_post: Post | None, cell: District) -> bool:
    """Whether `acting_post` may say which grid officer looks after `cell`: a head, or the office, over it."""
    is_one = acting_post is not None and acting_post.kind in (PostKind.HEAD, PostKind.OFFICE)
    return is_one and cell.level == Level.CELL and cell.closed_on is None and acts_over(acting_post, cell)


def governments_of(cell: District) -> QuerySet[Unit]:
    """Return the governments in whose places `cell` lies, the nearest first; grid officers are theirs."""
    paths = [cell.path[:end] for end in range(cell.steplen, len(cell.path), cell.steplen)]
    units = Unit.objects.existing().filter(kind=UnitKind.GOVERNMENT, district__path__in=paths)
    return units.select_related("district").order_by("-district__path", "pk")


def officers_for(cell: District, acting_post: Post) -> list[Post]:
    """Return the grid officers' posts that may be given `cell`: its governments', in the giver's reach."""
    posts = Post.objects.filter(kind=PostKind.GRID_OFFICER, unit__in=governments_of(cell))
    rows = posts.select_related("unit__district").order_by("-unit__district__path", "pk")
    return [post for post in rows if stands_over(acting_post, post)]


def give_cell(
    *, cell: District, post: Post, actor: Any, acting_post: Post | None, now: dt.datetime
) -> PostScope:
    """Let a grid officer's post look after `cell` too, and return that scope. Given twice, it is there once.

    Raise NotAllowed outside the acting post's own reach, Invalid for a post that is no grid officer's.
    """
    if not may_look_after(acting_post, cell) or not stands_over(acting_post, post):  # type: ignore[arg-type]
        raise NotAllowed
    if post.kind != PostKind.GRID_OFFICER:
        raise Invalid({"post": _("Choose a grid officer's post.")})
    with transaction.atomic():
        row, is_new = PostScope.objects.get_or_create(
            post=post, district=cell, matter=None, unit=None, enterprise=None, defaults={"acting": True}
        )
        if is_new or not row.acting:
            PostScope.objects.filter(pk=row.pk).update(acting=True)
            data = {"cell": cell.code}
            record(post, "post.give_cell", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def take_cell(*, scope: PostScope, actor: Any, acting_post: Post | None, now: dt.datetime) -> None:
    """Let a grid officer's post no longer look after a cell. Raise NotAllowed as `give_cell` does."""
    cell = scope.district
    if cell is None or scope.post.kind != PostKind.GRID_OFFICER or not may_look_after(acting_post, cell):
        raise NotAllowed
    if not stands_over(acting_post, scope.post):  # type: ignore[arg-type]
        raise NotAllowed
    with transaction.atomic():
        gone, _each = PostScope.objects.filter(pk=scope.pk).delete()
        if gone:
            data = {"cell": cell.code}
            record(scope.post, "post.take_cell", actor=actor, acting_post=acting_post, now=now, data=data)


def open_officer(
    *, cell: District, unit: Unit, title: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Post:
    """Open a grid officer's post in `unit` that looks after `cell`, and return it; nobody holds it yet.

    The same form sent twice opens one. Raise NotAllowed outside the acting post's reach, Invalid without a
    title, or where the unit has a post of this title: it is another's, or looks after another cell.
    """
    title = title.strip()[:TITLE_LENGTH]
    if not title:
        raise Invalid({"title": _("Give the post a title.")})
    if not may_look_after(acting_post, cell) or not governments_of(cell).filter(pk=unit.pk).exists():
        raise NotAllowed
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # the same form twice at once
        named = list(Post.objects.filter(kind=PostKind.GRID_OFFICER, unit=unit, title=title).order_by("pk"))
        if (opened := _opened_for(cell, named, clock.local_date(now))) is not None:
            return opened
        if named:
            text = _(
                "This unit has a post “%(post)s” already: choose it above, or give the new one another title."
            )
            raise Invalid({"title": text % {"post": named[0].label}})
        post = Post.objects.create(
            kind=PostKind.GRID_OFFICER, unit=unit, title=title, title_en="", created_at=now
        )
        record(post, "post.open", actor=actor, acting_post=acting_post, now=now, data={"title": title})
        give_cell(cell=cell, post=post, actor=actor, acting_post=acting_post, now=now)
    return post


def _opened_for(cell: District, posts: Sequence[Post], today: dt.date) -> Post | None:
    """Return the one of `posts` that was opened for `cell`: it looks after it, and nobody holds it yet."""
    looking = PostScope.objects.filter(post__in=posts, district=cell, acting=True).values_list(
        "post", flat=True
    )
    still = Q(span__upper_inf=True) | Q(span__endswith__gt=today)
    held = Holding.objects.filter(still, post__in=posts).values_list("post", flat=True)
    return next((post for post in posts if post.pk in set(looking) - set(held)), None)


def may_certify(acting_post: Post | None, post: Post) -> bool:
    """Whether `acting_post` may enter the certificate of who holds `post`: an officer's, whom it staffs."""
    return post.kind == PostKind.OFFICER and may_staff(acting_post, post)


def certify(
    *,
    post: Post,
    number: str,
    since: dt.date,
    until: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Certificate:
    """Enter the enforcement certificate of whoever holds `post` today, valid from `since` and not on `until`.

    Whoever inspects shows one in date (Administrative Penalty Law, Art. 42). Of the same number the days are
    replaced, also by days that are over: what stood there goes to the ledger. Raise NotAllowed, Invalid by
    field.
    """
    if not may_certify(acting_post, post):
        raise NotAllowed
    today, number = clock.local_date(now), number.strip()
    held = Holding.objects.filter(post=post, span__contains=today).select_related("user").first()
    wrong: dict[str, Any] = {}
    if held is None:
        wrong["number"] = _("Nobody holds this post today.")
    if not number:
        wrong["number"] = _("Enter the number that stands on it.")
    if until <= since:
        wrong["until"] = _("It would end before it begins.")
    if wrong or held is None:
        raise Invalid(wrong)
    who: dict[str, Any] = {"actor": actor, "acting_post": acting_post, "now": now}
    data: dict[str, Any] = {"post": post.pk, "since": since, "until": until}
    own: dict[str, Any] = {"kind": CertificateKind.ENFORCEMENT, "number": number, "user": held.user}
    span = DateRange(since, until)
    try:
        with transaction.atomic():
            row, is_new = Certificate.objects.select_for_update().get_or_create(
                **own, defaults={"span": span}
            )
            if is_new and until <= today:
                raise Invalid({"until": _("It would have expired already.")})
            if is_new:
                record(held.user, "person.certify", data=data, **who)
            elif span != row.span:
                data["was"] = [row.span.lower, row.span.upper]
                row.span = span
                row.save(update_fields=["span"])
                record(held.user, "person.correct_certificate", data=data, **who)
    except IntegrityError as error:
        raise Invalid({"number": _("Somebody else has a certificate of this number.")}) from error
    return row
