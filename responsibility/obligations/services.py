"""Opening, closing and moving obligations. Called by the services of the floors above."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Func, Value
from django.utils.translation import gettext as _

from responsibility.alerts.ladder import first_look
from responsibility.calendars.models import DeadlinePolicy
from responsibility.obligations.choices import Outcome
from responsibility.obligations.models import Obligation, ObligationQuerySet, days_over
from safegrid.accounts.models import Post
from safegrid.grid.models import Enterprise, Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.copying import copy_create
from safegrid.kernel.refusals import Refused


def about(subject: models.Model) -> ObligationQuerySet:
    """Return every obligation about `subject`."""
    kind = ContentType.objects.get_for_model(subject)
    return Obligation.objects.filter(subject_type=kind, subject_id=subject.pk)


def open_obligation(
    *,
    kind: str,
    subject: models.Model,
    site: Site | None,
    due_at: dt.datetime,
    now: dt.datetime,
    debtor_post: Post | None = None,
    debtor_enterprise: Enterprise | None = None,
    creditor_post: Post | None = None,
    matter: Matter | None = None,
    policy: DeadlinePolicy | None = None,
    duty: Any = None,
    is_major: bool = False,
    is_shared: bool = True,
    params: Mapping[str, Any] | None = None,
    original_due_on: dt.date | None = None,
    not_by: Any = None,
    label: str = "",
    announce: Sequence[str] = (),
    place_ids: Mapping[str, int | None] | None = None,
    was_given: bool = False,
) -> Obligation:
    """Open an obligation and return it; the same one when it is already open for this debtor.

    `due_at` is the instant at which it is over; it must not lie before `now`, unless the deadline `was_given`
    before, on paper. `not_by` names the one
    person who cannot meet it for the debtor, `label` a wording other than the kind's own, `announce`
    the recipients who are told of it at once, beside the ladder. `place_ids` says where it is for what is
    at no site; an enterprise sees what is at its sites. Officials read by their places only what
    `is_shared`.
    """
    if due_at < now and not was_given:
        raise Refused(_("A deadline cannot lie in the past."))
    due_on = clock.last_day(due_at)
    rung, next_look_at = first_look(due_at, now=now, is_major=is_major)
    place = site.place_ids if site is not None else dict(place_ids or {})
    row, _created = Obligation.objects.get_or_create(
        kind=kind,
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        debtor_post=debtor_post,
        debtor_enterprise=debtor_enterprise,
        closed_at=None,
        defaults={
            "site": site,
            "enterprise": site.enterprise if site is not None else debtor_enterprise,
            "matter": matter,
            "industry_id": site.industry_id if site is not None else None,
            "duty": duty,
            "creditor_post": creditor_post,
            "opened_at": min(now, due_at),
            "due_at": due_at,
            "due_on": due_on,
            "original_due_on": original_due_on or due_on,
            "policy": policy,
            "next_look_at": now if announce else next_look_at,
            "announce": list(announce),
            "rung": rung,
            "is_major": is_major,
            "is_shared": is_shared,
            "not_by": not_by,
            "label": label or kind,
            "params": dict(params or {}),
            **place,
        },
    )
    return row


def close_obligations(
    *, subject: models.Model, kinds: Sequence[str], outcome: Outcome, now: dt.datetime
) -> list[Obligation]:
    """Close what is open about `subject` of these `kinds`; freeze days early or late. Idempotent."""
    with transaction.atomic():
        rows = list(
            about(subject)
            .filter(kind__in=kinds, closed_at=None)
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        for row in rows:
            row.closed_at, row.outcome, row.next_look_at = now, outcome, None
            row.days_late = days_over(row.due_on, now)
        Obligation.objects.bulk_update(rows, ["closed_at", "outcome", "next_look_at", "days_late"])
    return rows


@dataclass(frozen=True)
class Owed:
    """What is particular to one of many obligations that are opened together."""

    subject_id: int
    debtor_post: Post | None
    creditor_post: Post | None
    label: str
    params: Mapping[str, Any]
    matter_id: int | None = None
    place: Mapping[str, int | None] = field(default_factory=dict)
    debtor_enterprise_id: int | None = None  # where no post owes it
    site_id: int | None = None


def owed_about(model: type[models.Model], kind: str) -> ObligationQuerySet:
    """Return the open obligations of `kind` about rows of `model`."""
    of_model = ContentType.objects.get_for_model(model)
    return Obligation.objects.open().filter(kind=kind, subject_type=of_model)


def open_many(
    model: type[models.Model],
    owed: Iterable[Owed],
    *,
    kind: str,
    due_at: dt.datetime,
    policy: DeadlinePolicy,
    now: dt.datetime,
) -> None:
    """Open an obligation for each of `owed`, all by one deadline. None of them may be open already.

    They are about rows of `model`. Two queries.
    """
    due_on = clock.last_day(due_at)
    rung, next_look_at = first_look(due_at, now=now, is_major=False)
    subject_type = ContentType.objects.get_for_model(model)
    rows = [
        Obligation(
            kind=kind,
            subject_type=subject_type,
            subject_id=each.subject_id,
            debtor_post=each.debtor_post,
            debtor_enterprise_id=each.debtor_enterprise_id,
            enterprise_id=each.debtor_enterprise_id,
            site_id=each.site_id,
            creditor_post=each.creditor_post,
            matter_id=each.matter_id,
            opened_at=now,
            due_at=due_at,
            due_on=due_on,
            original_due_on=due_on,
            policy=policy,
            next_look_at=next_look_at,
            rung=rung,
            label=each.label,
            params=dict(each.params),
            **each.place,
        )
        for each in owed
    ]
    copy_create(Obligation, rows)


def close_many(model: type[models.Model], ids: Any, *, kind: str, outcome: Outcome, now: dt.datetime) -> int:
    """Close what is open of `kind` about the rows of `model` with `ids`; return how many were. One query."""
    days = Func(
        Value(clock.local_date(now)),
        F("due_on"),
        template="%(expressions)s",
        arg_joiner=" - ",
        output_field=models.IntegerField(),
    )
    return (
        owed_about(model, kind)
        .filter(subject_id__in=ids)
        .update(closed_at=now, outcome=outcome, next_look_at=None, days_late=days)
    )


def move_deadline(*, obligation: Obligation, due_at: dt.datetime, now: dt.datetime) -> None:
    """Give an open obligation a later deadline and a new ladder; the original one stays beside it."""
    rung, next_look_at = first_look(due_at, now=now, is_major=obligation.is_major)
    moved = Obligation.objects.filter(pk=obligation.pk, closed_at=None).update(
        due_at=due_at, due_on=clock.last_day(due_at), rung=rung, next_look_at=next_look_at
    )
    if not moved:
        raise Refused(_("This is no longer open."))
