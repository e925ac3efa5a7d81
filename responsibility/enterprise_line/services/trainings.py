"""Recording training: who took part and passed. Hours that were missing are owed no longer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from responsibility.enterprise_line import owing
from responsibility.enterprise_line.choices import Result, TrainingKind
from responsibility.enterprise_line.models import Participation, Staff, Training
from responsibility.enterprise_line.models.trainings import LONGEST
from responsibility.enterprise_line.services.writing import check, not_later, words
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.grid.models import Enterprise
from safegrid.kernel.refusals import Invalid


def record_training(
    *,
    enterprise: Enterprise,
    held_on: dt.date,
    kind: str,
    topic: str,
    hours: Decimal,
    results: Mapping[Staff, str],
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    trainer: str = "",
    photos: Sequence[StoredFile] = (),
    token: UUID | None = None,
) -> Training:
    """Record a training of `enterprise` with the results of who took part, and return it.

    The same form sent twice records it once. Raise Invalid for hours that do not fit a day (also together
    with what somebody did that day already), nobody or somebody of others taking part, or a day to come.
    """
    check(actor, acting_post, enterprise.pk)
    given = _checked(enterprise, held_on, kind, topic, hours, results, now=now)
    with transaction.atomic():
        if token is not None:
            known = Training.objects.filter(token=token, enterprise=enterprise).first()
            if known is not None:
                return known
        _fit_into_the_day(results, held_on, hours, than=None)
        row = Training(
            enterprise=enterprise,
            trainer=" ".join(trainer.split()),
            recorded_at=now,
            recorded_post=acting_post,
            **given,
        )
        if token is not None:
            row.token = token
        row.save()
        _write_results(row, results)
        attach(files=photos, subject=row, role=Role.OTHER, actor=actor, now=now)
        record(
            row,
            "training.record",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"enterprise": enterprise.pk, **_told(row, results), "photos": len(photos)},
            personal={"trainer": row.trainer} if row.trainer else {},
        )
        owing.settle_training(now=now, enterprise=enterprise)
    return row


def correct_training(
    *,
    training: Training,
    held_on: dt.date,
    kind: str,
    topic: str,
    hours: Decimal,
    results: Mapping[Staff, str],
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    trainer: str = "",
    photos: Sequence[StoredFile] = (),
) -> Training:
    """Correct what was recorded; the ledger holds both. Raise as `record_training` does."""
    check(actor, acting_post, training.enterprise_id)
    given = _checked(training.enterprise, held_on, kind, topic, hours, results, now=now)
    with transaction.atomic():
        row = (
            Training.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=training.pk)
        )
        before = _told(row, {each.staff: each.result for each in row.participations.select_related("staff")})
        _fit_into_the_day(results, held_on, hours, than=row)
        for name, value in given.items():
            setattr(row, name, value)
        row.trainer = " ".join(trainer.split())
        row.save()
        row.participations.all().delete()
        _write_results(row, results)
        attach(files=photos, subject=row, role=Role.OTHER, actor=actor, now=now)
        record(
            row,
            "training.correct",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": _told(row, results)},
        )
        owing.settle_training(now=now, enterprise=row.enterprise)
    return row


def _checked(
    enterprise: Enterprise,
    held_on: dt.date,
    kind: str,
    topic: str,
    hours: Decimal,
    results: Mapping[Staff, str],
    *,
    now: dt.datetime,
) -> dict[str, Any]:
    """Return what is to be saved."""
    topic = words(topic, "topic", _("Say what it was about."))
    not_later(held_on, "held_on", now=now)
    if kind not in TrainingKind.values:
        raise Invalid({"kind": _("There is no such choice for you.")})
    if not 0 < hours <= LONGEST:
        raise Invalid({"hours": _("A training takes more than 0 and up to 24 hours of a day.")})
    if not results:
        raise Invalid({"participants": _("Say who took part.")})
    for person, result in results.items():
        is_there = person.joined_on <= held_on and (person.left_on is None or held_on < person.left_on)
        if person.enterprise_id != enterprise.pk:
            raise Invalid({"participants": _("Choose people of the enterprise.")})
        if not is_there:
            text = _("%(name)s was not there on this day.") % {"name": person.name}
            raise Invalid({"participants": text})
        if result not in Result.values:
            raise Invalid({"participants": _("There is no such choice for you.")})
    return {"held_on": held_on, "kind": kind, "topic": topic, "hours": hours}


def _fit_into_the_day(
    results: Mapping[Staff, str], held_on: dt.date, hours: Decimal, *, than: Training | None
) -> None:
    """Refuse more hours than a day has, for anybody; their rows are locked, two forms cannot add up."""
    people = list(Staff.objects.select_for_update().filter(pk__in=[p.pk for p in results]).order_by("pk"))
    rows = Participation.objects.filter(staff__in=people, training__held_on=held_on).exclude(
        result=Result.ABSENT
    )
    if than is not None:
        rows = rows.exclude(training=than)
    done = dict(rows.order_by().values_list("staff").annotate(Sum("training__hours")))
    for person in people:
        if results[person] != Result.ABSENT and done.get(person.pk, 0) + hours > LONGEST:
            text = _("%(name)s would have more than 24 hours on this day.")
            raise Invalid({"hours": text % {"name": person.name}})


def _write_results(row: Training, results: Mapping[Staff, str]) -> None:
    Participation.objects.bulk_create(
        Participation(training=row, staff=person, result=result) for person, result in results.items()
    )


def _told(row: Training, results: Mapping[Staff, str]) -> dict[str, Any]:
    """Return what the ledger holds of a training: no name."""
    return {
        "held_on": row.held_on,
        "kind": row.kind,
        "topic": row.topic,
        "hours": str(row.hours),
        "results": {str(person.pk): str(result) for person, result in results.items()},
    }
