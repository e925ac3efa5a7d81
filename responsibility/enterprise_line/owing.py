"""What an enterprise owes on its own line: certificates to renew, hours of training.

`look` runs every night and in `manage.py sweep`. It is safe to repeat, also while it runs elsewhere: the
database lets one obligation be open about one thing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from responsibility.alerts.ladder import first_look
from responsibility.calendars.models import DeadlinePolicy
from responsibility.enterprise_line import principals
from responsibility.enterprise_line.models import Credential, Staff, TrainingYear
from responsibility.enterprise_line.policies import credential_policies
from responsibility.enterprise_line.queries.hours import with_hours
from responsibility.obligations.choices import Outcome
from responsibility.obligations.kinds import Kind, kinds
from responsibility.obligations.models import Obligation
from responsibility.obligations.services import close_many, owed_about
from responsibility.standing.resting import at_rest
from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses

CREDENTIAL = "credential"
TRAINING = "training_year"
TRAINING_LEAD = "training_year_lead"  # the policy that says when hours of a year are asked for
BATCH = 2000  # obligations in one statement

_T = TypeVar("_T")


@dataclass(frozen=True)
class Owing:
    """One thing that an enterprise owes."""

    subject_id: int
    enterprise_id: int
    due_on: dt.date
    label: str
    params: dict[str, Any]


def open_for_enterprises(
    model: type[models.Model], owed: Iterable[Owing], *, kind: str, now: dt.datetime
) -> int:
    """Open an obligation for each of `owed`, about rows of `model`; return how many there were.

    What is past already is due today: nobody owes in the past. It stands at the enterprise's first site,
    through which officials see it. What is open already stays as it is. Two queries for each batch.
    """
    today = clock.local_date(now)
    subject_type = ContentType.objects.get_for_model(model)
    # Few days for many rows: when each is looked at is asked once.
    looked = cache(partial(first_look, now=now, is_major=False))
    count = 0
    for batch in _batches(owed):
        homes = _homes({each.enterprise_id for each in batch})
        rows = []
        for each in batch:
            day = max(each.due_on, today)
            due_at = clock.day_end(day)
            rung, next_look_at = looked(due_at)
            site = homes.get(each.enterprise_id)
            rows.append(
                Obligation(
                    kind=kind,
                    subject_type=subject_type,
                    subject_id=each.subject_id,
                    site=site,
                    enterprise_id=each.enterprise_id,
                    industry_id=site.industry_id if site else None,
                    debtor_enterprise_id=each.enterprise_id,
                    opened_at=now,
                    due_at=due_at,
                    due_on=day,
                    original_due_on=each.due_on,
                    next_look_at=next_look_at,
                    rung=rung,
                    label=each.label,
                    params=each.params,
                    **(site.place_ids if site else {}),
                )
            )
        Obligation.objects.bulk_create(rows, ignore_conflicts=True)
        count += len(rows)
    return count


def _batches(rows: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield what there is in lists of up to BATCH."""
    each = iter(rows)
    while batch := list(islice(each, BATCH)):
        yield batch


def _homes(enterprises: set[int]) -> dict[int, Site]:
    """Return the first site of each enterprise, one that is placed if there is any. One query."""
    sites = Site.objects.filter(enterprise__in=enterprises).exclude(status=EnterpriseStatus.CLOSED)
    # Of several the one that is placed first, so that somebody sees it.
    first = sites.order_by("enterprise", models.F("district").asc(nulls_last=True), "pk").distinct(
        "enterprise"
    )
    return {site.enterprise_id: site for site in first}


def look(*, now: dt.datetime) -> int:
    """Open and close what is owed on the own line of every enterprise; return how many were opened.

    Whom it names as principal is known to the register afterwards.
    """
    principals.let_be_known(now=now)
    return open_expiries(now=now) + settle_training(now=now)


def open_expiries(*, now: dt.datetime, enterprise: Enterprise | None = None) -> int:
    """Open the renewal or re-examination of each certificate that falls due; return how many.

    How long before is asked for it is the policy's. One statement finds those of a kind. What an enterprise
    no longer owes by the rule of its status ends.
    """
    today = clock.local_date(now)
    of = Q() if enterprise is None else Q(enterprise=enterprise)
    ended = Credential.objects.current().filter(of, at_rest(CREDENTIAL)).values("pk")
    close_many(Credential, ended, kind=CREDENTIAL, outcome=Outcome.CANCELLED, now=now)
    nothing_new = _owes_nothing_new(CREDENTIAL)
    standing = owed_about(Credential, CREDENTIAL).filter(subject_id=OuterRef("pk"))
    count = 0
    for kind, policy in credential_policies(on=today).items():
        due = Credential.objects.current().filter(
            ~Exists(standing), kind=kind, due_on__lte=today + dt.timedelta(days=policy.lead_days)
        )
        due = due.filter(of).exclude(nothing_new).select_related("holder").order_by("pk")
        count += open_for_enterprises(
            Credential, map(_owing, due.iterator(chunk_size=BATCH)), kind=CREDENTIAL, now=now
        )
    return count


def _owes_nothing_new(kind: str) -> Q:
    """Return the predicate of rows of enterprises that are closed, or at rest by the rule of their status."""
    return Q(enterprise__status=EnterpriseStatus.CLOSED) | at_rest(kind)


def _owing(row: Credential) -> Owing:
    label = f"{'reexamine' if row.is_reexamination else 'renew'}_{row.kind}"
    params = {
        "pk": row.pk,
        "enterprise": row.enterprise_id,
        "who": row.holder.name if row.holder else row.number,
    }
    return Owing(row.pk, row.enterprise_id, row.due_on, label, params)


def year_end(year: int) -> dt.date:
    """Return the last day on which the hours of `year` can be done."""
    return dt.date(year, 12, 31)


def is_asked(today: dt.date) -> bool:
    """Whether the hours of the year are asked for already; how long before its end, the policy says."""
    rule = DeadlinePolicy.objects.filter(code=TRAINING_LEAD, span__contains=today).first()
    return rule is not None and today >= year_end(today.year) - dt.timedelta(days=rule.days)


def settle_training(*, now: dt.datetime, enterprise: Enterprise | None = None) -> int:
    """Let hours of training be owed where some are missing, and no longer where they are done.

    A year that is over stays owed, and late, until the hours of the next one are asked for; then it lapses
    visibly. Of an enterprise that owes none by the rule of its status they end, and are not done. Return how
    many were opened.
    """
    today = clock.local_date(now)
    of = Q() if enterprise is None else Q(enterprise=enterprise)
    standing = owed_about(TrainingYear, TRAINING)
    years = set(
        TrainingYear.objects.filter(of, pk__in=standing.values("subject_id")).values_list("year", flat=True)
    )
    asked = is_asked(today)
    resting = at_rest(TRAINING)
    for year in sorted(years):
        rows = TrainingYear.objects.filter(of, year=year)
        ended = rows.filter(resting).values("pk")
        close_many(TrainingYear, ended, kind=TRAINING, outcome=Outcome.CANCELLED, now=now)
        short = _short(year, enterprise=enterprise, today=today).values("enterprise")
        close_many(
            TrainingYear,
            rows.exclude(enterprise__in=short).values("pk"),
            kind=TRAINING,
            outcome=Outcome.MET,
            now=now,
        )
        if asked and year < today.year:
            close_many(TrainingYear, rows.values("pk"), kind=TRAINING, outcome=Outcome.LAPSED, now=now)
    return _open_year(today.year, enterprise=enterprise, now=now) if asked else 0


def _short(year: int, *, enterprise: Enterprise | None, today: dt.date) -> models.QuerySet[Any]:
    """Return who still lacks hours of `year`, whatever the status of the enterprise."""
    rows = Staff.objects.present()
    if enterprise is not None:
        rows = rows.filter(enterprise=enterprise)
    return with_hours(rows, year=year, today=today, enterprise=enterprise).filter(owed__gt=0, missing__gt=0)


def _open_year(year: int, *, enterprise: Enterprise | None, now: dt.datetime) -> int:
    today = clock.local_date(now)
    open_now = owed_about(TrainingYear, TRAINING).values("subject_id")
    known = TrainingYear.objects.filter(year=year, pk__in=open_now)
    short = _short(year, enterprise=enterprise, today=today).exclude(_owes_nothing_new(TRAINING))
    short = short.exclude(enterprise__in=known.values("enterprise"))
    found = short.order_by("enterprise").values_list("enterprise", flat=True).distinct()
    count = 0
    for batch in _batches(found.iterator(chunk_size=BATCH)):
        TrainingYear.objects.bulk_create(
            (TrainingYear(enterprise_id=pk, year=year) for pk in batch), ignore_conflicts=True
        )
        rows = TrainingYear.objects.filter(year=year, enterprise__in=batch).order_by("pk")
        count += open_for_enterprises(TrainingYear, map(_owing_hours, rows), kind=TRAINING, now=now)
    return count


def _owing_hours(row: TrainingYear) -> Owing:
    params = {"enterprise": row.enterprise_id, "year": str(row.year)}
    return Owing(row.pk, row.enterprise_id, year_end(row.year), TRAINING, params)


def _credential(params: dict[str, Any]) -> str:
    return addresses("responsibility:own_credential", [params["pk"]])[0]


def _hours(params: dict[str, Any]) -> str:
    return f"{addresses('responsibility:own_trainings', [params['enterprise']])[0]}?year={params['year']}"


def _ends(ids: Sequence[int], *, now: dt.datetime) -> None:
    """End nothing more: a certificate stays what it is, and hours have no state of their own."""


def _plug(code: str, title: Any, button: Any, url: Any, name: Any) -> None:
    """Word what an enterprise owes as a whole, with a day that certificate or year gives."""
    kinds.plug(
        code,
        Kind(
            code,
            title=title,
            button=button,
            url=url,
            name=name,
            lapse=_ends,
            day_is_given=True,
            is_whole=True,
        ),
    )


TITLES: Sequence[tuple[str, Any]] = (
    ("renew_principal", _("Renew the principal's qualification of %(who)s")),
    ("renew_safety_manager", _("Renew the safety manager's qualification of %(who)s")),
    ("renew_special_operation", _("Renew the special-operations certificate of %(who)s")),
    ("renew_standardization", _("Apply for standardization again: certificate %(who)s")),
)
AGAIN: Sequence[tuple[str, Any]] = (
    ("reexamine_principal", _("Re-examination of the principal's qualification of %(who)s")),
    ("reexamine_safety_manager", _("Re-examination of the safety manager's qualification of %(who)s")),
    ("reexamine_special_operation", _("Re-examination of the special-operations certificate of %(who)s")),
    ("reexamine_standardization", _("Re-assessment of standardization: certificate %(who)s")),
)
_plug(
    CREDENTIAL, _("Certificate"), _("Renew"), _credential, _("Certificate")
)  # what all of them are kinds of
for _code, _title in TITLES:
    _plug(_code, _title, _("Renew"), _credential, _("Certificate"))
for _code, _title in AGAIN:
    _plug(_code, _title, _("Enter result"), _credential, _("Certificate"))
_plug(
    TRAINING,
    _("Hours of training still to be done in %(year)s"),
    _("See who lacks hours"),
    _hours,
    _("Training"),
)
