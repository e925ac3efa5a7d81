"""Calling off a handover that is to come, or of today: what was before stands again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibility.posts.models import Handover
from responsibility.posts.queries import changes_hands, locked
from responsibility.posts.staffing import may_staff
from safegrid.accounts.models import Holding, Post, Substitution
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed, Refused


def call_off(*, handover: Handover, actor: Any, acting_post: Post | None, now: dt.datetime) -> Handover:
    """Call off a handover that is to come, or of today, and return it: what was before stands again.

    Whoever was to hold the post holds it, and who was to stand in for them does. Called off twice, it is so
    once. Raise NotAllowed for whoever may not say who holds the post, Refused for one of a day that is over
    or where the post changes hands again later.
    """
    with transaction.atomic():
        post = locked(handover.post_id)
        if not may_staff(acting_post, post):
            raise NotAllowed
        row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
        if row.called_off_at is not None:
            return row
        if row.on < clock.local_date(now):
            raise Refused(_("This handover has taken place: hand the post over anew."))
        if (again := changes_hands(post, after=row.on)) is not None:
            text = _("The post changes hands again on %(day)s; call that off first.")
            raise Refused(text % {"day": date_format(again)})
        stand_as_before(row)
        row.called_off_at, row.called_off_by = now, actor
        row.save(update_fields=["called_off_at", "called_off_by"])
        data = {"of": row.receiver_id, "on": row.on}
        record(post, "handover_called_off", actor=actor, acting_post=acting_post, now=now, data=data)
    return row


def stand_as_before(handover: Handover, *, until: dt.date | None = None) -> None:
    """Let holders and substitutes be as they were before `handover` was arranged.

    Up to and without the local day `until`, on which the post changes hands again; None: it does not. In the
    caller's transaction.
    """
    post, on = handover.post_id, handover.on
    Holding.objects.filter(post=post, user=handover.receiver_id, span__startswith=on).delete()
    held = Holding.objects.filter(post=post, user=handover.giver_id, span__endswith=on).first()
    if held is not None:
        held.span = DateRange(held.span.lower, _earlier(_day(handover.ended.get("until")), until))
        held.save(update_fields=["span"])
    of_who_does_not_come = Substitution.objects.filter(post=post, span__overlap=DateRange(on, until))
    of_who_does_not_come.filter(span__startswith__gte=on).delete()
    for user, begun, ended in handover.ended.get("substitutions", ()):
        since, over = _day(begun), _earlier(_day(ended), until)
        if until is None or since < until:  # type: ignore[operator]
            _stand_in_again(post, user, DateRange(since, over), on)


def _stand_in_again(post: int, user: int, span: DateRange, on: dt.date) -> None:
    """Let `user` stand in on all days of `span`, of which those from `on` had been taken back.

    Not where somebody was named for these days meanwhile, or where it was ended for another reason.
    """
    rest = Substitution.objects.filter(post=post, span__overlap=DateRange(max(span.lower, on), span.upper))
    if rest.exists():
        return
    if span.lower >= on:
        Substitution.objects.create(post_id=post, user_id=user, span=span)
    else:
        Substitution.objects.filter(post=post, user=user, span=DateRange(span.lower, on)).update(span=span)


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    """Return the earlier of two days on which something is over; None is never."""
    return min((day for day in (one, other) if day is not None), default=None)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
