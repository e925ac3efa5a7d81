"""Filling a post, naming a substitute, and letting a person leave: dated, never overwritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from responsibility.alerts.models import Alert
from responsibility.assignments.models import Assignment
from responsibility.obligations.models import Obligation
from responsibility.posts.calling_off import stand_as_before
from responsibility.posts.models import Handover
from responsibility.posts.queries import changes_hands, locked
from responsibility.posts.staffing import may_staff
from safegrid.accounts import services as accounts
from safegrid.accounts.models import Holding, Post, Substitution, User
from safegrid.audit.services import record
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Stale

ONE_SUBSTITUTE = "accounts_substitution_one_at_a_time"
NOTE_LENGTH = 500


def hand_over(
    *,
    post: Post,
    to: User | None,
    on: dt.date,
    note: str = "",
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Handover:
    """Let `to` hold `post` from the local day `on`, or nobody; the one before holds it until then.

    All that belongs to the post goes with it: obligations, alerts, assignments, duties. Whoever stood in for
    the one before no longer does. Where the post was to become vacant that day or later, that is called off:
    this handover takes its place. Sent twice, the same handover comes back. Raise NotAllowed for whoever may
    not, Invalid for a day that is past or a person who cannot.
    """
    by: dict[str, Any] = {"actor": actor, "acting_post": acting_post, "now": now}
    with transaction.atomic():
        row = locked(post.pk)
        if not may_staff(acting_post, row):
            raise NotAllowed
        done = Handover.objects.standing().filter(post=row, on=on, receiver=to).first()
        if done is not None:
            return done
        if on < clock.local_date(now):
            raise Invalid({"on": _("A post changes hands today or later.")})
        if to is not None and not to.is_active:
            raise Invalid({"person": _("This account is disabled.")})
        later = Holding.objects.filter(post=row, span__startswith__gte=on).order_by("span").first()
        if later is not None:
            text = _("The post goes to %(name)s on %(day)s already; call that off first.")
            raise Invalid({"on": text % {"name": later.user, "day": date_format(later.span.lower)}})
        before = Holding.objects.filter(post=row, span__contains=on).select_related("user").first()
        if before is None and to is None:
            raise Invalid({"person": _("The post is vacant already; choose who is to hold it.")})
        if before is not None and before.user == to:
            raise Invalid({"person": _("This person holds the post already.")})
        emptied = Handover.objects.standing().filter(post=row, on__gte=on, receiver=None).first()
        giver = before.user if before is not None else None
        if before is None and emptied is not None:
            giver = emptied.giver
        if to is not None and giver == to:
            text = _("This person holds the post until that day: call off that it becomes vacant.")
            raise Invalid({"person": text})
        ended: dict[str, Any] = {"until": None}
        if before is not None:
            ended["until"] = before.span.upper and before.span.upper.isoformat()
            before.span = DateRange(before.span.lower, on)
            before.save(update_fields=["span"])
        ended["substitutions"] = _end_substitutes(row, on)
        if emptied is not None:
            ended = _take_place_of(emptied, ended, **by)
        if to is not None:
            accounts.appoint(post=row, user=to, since=on, until=None, **by)
        handover = Handover.objects.create(
            post=row,
            on=on,
            giver=giver,
            receiver=to,
            made_at=now,
            made_by=actor,
            note=note[:NOTE_LENGTH],
            obligations=_ids(Obligation.objects.open().filter(debtor_post=row)),
            assignments=_ids(Assignment.objects.as_of(on).filter(post=row)),
            unread=Alert.objects.filter(post=row).unread().count(),
            ended=ended,
        )
        data = {"on": on, "to": to.pk if to else None, "from": giver.pk if giver else None}
        record(row, "handed_over", data=data, **by)
    return handover


def _take_place_of(emptied: Handover, ended: dict[str, Any], **by: Any) -> dict[str, Any]:
    """Call off that a post becomes vacant, and return what both it and the handover in its place have ended.

    What was before it stands again once that one is called off too.
    """
    emptied.called_off_at, emptied.called_off_by = by["now"], by["actor"]
    emptied.save(update_fields=["called_off_at", "called_off_by"])
    record(emptied.post, "handover_called_off", data={"of": None, "on": emptied.on}, **by)
    substitutions = [*emptied.ended.get("substitutions", ()), *ended["substitutions"]]
    return {"until": emptied.ended.get("until"), "substitutions": substitutions}


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _end_substitutes(post: Post, on: dt.date) -> list[tuple[int, str, str | None]]:
    """Let nobody stand in from `on`, it was for the one before; return who would have, and when."""
    still = Q(span__upper_inf=True) | Q(span__endswith__gt=on)
    rows = list(Substitution.objects.filter(still, post=post).order_by("span"))
    ended = [
        (row.user_id, row.span.lower.isoformat(), row.span.upper and row.span.upper.isoformat())
        for row in rows
    ]
    for row in rows:
        if row.span.lower >= on:
            row.delete()
        else:
            row.span = DateRange(row.span.lower, on)
            row.save(update_fields=["span"])
    return ended


def name_substitute(
    *,
    post: Post,
    user: User,
    since: dt.date,
    until: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> Substitution:
    """Let `user` stand in for the holder of `post` from `since` up to and without the local day `until`.

    A holder names their own substitute too. Raise NotAllowed for whoever may not, Invalid for a span that
    ends before it begins, for the holder, or where somebody stands in already or the post changes hands.
    """
    with transaction.atomic():
        row = locked(post.pk)
        holder = Holding.objects.filter(post=row, span__contains=since).select_related("user").first()
        is_own = acting_post is not None and acting_post.pk == row.pk
        if not (is_own or may_staff(acting_post, row)):
            raise NotAllowed
        if until <= since:
            raise Invalid({"until": _("It would end before it begins.")})
        if since < clock.local_date(now):
            raise Invalid({"since": _("A leave begins today or later.")})
        if not user.is_active:
            raise Invalid({"person": _("This account is disabled.")})
        if holder is not None and holder.user == user:
            raise Invalid({"person": _("This person holds the post already.")})
        same = Substitution.objects.filter(post=row, user=user, span=DateRange(since, until)).first()
        if same is not None:
            return same
        _check_no_change(row, since, until, "until")
        try:
            with transaction.atomic():
                return accounts.substitute(
                    post=row,
                    user=user,
                    since=since,
                    until=until,
                    actor=actor,
                    acting_post=acting_post,
                    now=now,
                )
        except IntegrityError as error:
            if ONE_SUBSTITUTE not in str(error):
                raise
            raise Invalid({"since": _("Somebody stands in for some of these days already.")}) from error


def _check_no_change(post: Post, since: dt.date, until: dt.date, field: str) -> None:
    """Raise Invalid where the post changes hands between two days: one stands in for one holder."""
    again = changes_hands(post, after=since)
    if again is not None and again < until:
        text = _("The post changes hands on %(day)s; nobody stands in any longer than that.")
        raise Invalid({field: text % {"day": date_format(again)}})


def come_back(
    *, substitution: Substitution, on: dt.date, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Substitution | None:
    """Let the local day `on` be the first on which nobody stands in any more, sooner or later than arranged.

    Return the substitution, None where it had not begun by then and is called off. Sent twice, it changes
    nothing. Whoever stands in may end it, not make it longer. Raise NotAllowed for whoever may not, Invalid
    for a day that is past or days on which somebody else stands in or holds the post, Stale once it is over.
    """
    by: dict[str, Any] = {"actor": actor, "acting_post": acting_post, "now": now}
    today = clock.local_date(now)
    with transaction.atomic():
        post = locked(substitution.post_id)
        staffs = may_staff(acting_post, post)
        if not (staffs or (acting_post is not None and acting_post.pk == post.pk)):
            raise NotAllowed
        row = Substitution.objects.filter(pk=substitution.pk).select_related("user", "post").first()
        if row is None or row.span.upper == on:
            return row
        if row.span.upper is not None and row.span.upper <= today:
            raise Stale(_("This leave is over already."))
        if on < today:
            raise Invalid({"on": _("Somebody comes back today or later.")})
        if row.span.upper is None or on < row.span.upper:
            return _stand_in_no_more(row, on, **by)
        if row.user == actor and not staffs:
            raise NotAllowed
        return _stand_in_longer(row, on, **by)


def _stand_in_longer(row: Substitution, on: dt.date, **by: Any) -> Substitution:
    _check_no_change(row.post, row.span.lower, on, "on")
    row.span = DateRange(row.span.lower, on)
    try:
        with transaction.atomic():
            row.save(update_fields=["span"])
    except IntegrityError as error:
        if ONE_SUBSTITUTE not in str(error):
            raise
        raise Invalid({"on": _("Somebody stands in for some of these days already.")}) from error
    record(row.post, "substitution_prolonged", data={"user": row.user_id, "on": on}, **by)
    return row


def leave(
    *,
    person: User,
    successors: Mapping[Post, User | None],
    on: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
) -> list[Handover]:
    """Let a person leave on the local day `on`: each of their posts goes to whom is named, or stays vacant.

    What was to come to them later does not; where they stand in, they no longer do, as far as `acting_post`
    may say who does. All of it or nothing. Raise as `hand_over` does.
    """
    by: dict[str, Any] = {"actor": actor, "acting_post": acting_post, "now": now}
    with transaction.atomic():
        found = [
            _pass_on(post, person, to, on, **by)
            for post, to in sorted(successors.items(), key=lambda item: item[0].pk)
        ]
        for row in standing_in(person, on=on):
            if may_staff(acting_post, row.post):
                _stand_in_no_more(row, on, **by)
        return [each for each in found if each is not None]


def standing_in(person: User, *, on: dt.date) -> list[Substitution]:
    """Return where `person` stands in on the local day `on` or later, in the order of posts. One query."""
    rows = Substitution.objects.filter(Q(span__upper_inf=True) | Q(span__endswith__gt=on), user=person)
    return list(rows.select_related("post__unit__district", "post__enterprise").order_by("post", "span"))


def _pass_on(post: Post, person: User, to: User | None, on: dt.date, **by: Any) -> Handover | None:
    """Give on what `person` holds on the day `on`, or what was to come to them later: then on its own day.

    Return None where nothing changes hands: it was given on before, or stays with whoever has it.
    """
    row = locked(post.pk)
    if not may_staff(by["acting_post"], row):
        raise NotAllowed
    holds = Holding.objects.filter(post=row, user=person, span__contains=on).exists()
    if holds or Handover.objects.standing().filter(post=row, on=on, giver=person, receiver=to).exists():
        return hand_over(post=row, to=to, on=on, **by)
    coming = Holding.objects.filter(post=row, user=person, span__startswith__gte=on).order_by("span").first()
    if coming is None:
        return None
    since = coming.span.lower
    was = Handover.objects.standing().filter(post=row, on=since, receiver=person).first()
    if was is not None:
        stand_as_before(was, until=coming.span.upper)
        was.called_off_at, was.called_off_by = by["now"], by["actor"]
        was.save(update_fields=["called_off_at", "called_off_by"])
    else:  # appointed without a handover: whoever has it until then keeps it
        coming.delete()
        _hold_on(row, since, coming.span.upper)
    record(row, "handover_called_off", data={"of": person.pk, "on": since}, **by)
    keeps = Holding.objects.filter(post=row, span__contains=since).select_related("user").first()
    if to == (keeps.user if keeps is not None else None):
        return None
    return hand_over(post=row, to=to, on=since, **by)


def _hold_on(post: Post, since: dt.date, until: dt.date | None) -> None:
    """Let whoever holds `post` up to the day `since` hold it up to `until`."""
    keeps = Holding.objects.filter(post=post, span__endswith=since).first()
    if keeps is not None:
        keeps.span = DateRange(keeps.span.lower, until)
        keeps.save(update_fields=["span"])


def _stand_in_no_more(row: Substitution, on: dt.date, **by: Any) -> Substitution | None:
    """End a substitution on the day `on` and return it; what has not begun by then does not begin."""
    begins = row.span.lower < on
    if begins:
        row.span = DateRange(row.span.lower, on)
        row.save(update_fields=["span"])
    else:
        row.delete()
    record(row.post, "substitution_ended", data={"user": row.user_id, "on": on}, **by)
    return row if begins else None
