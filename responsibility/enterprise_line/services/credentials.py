"""Certificates: entered once, renewed, re-examined, or no longer needed."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responsibility.enterprise_line import owing
from responsibility.enterprise_line.choices import CredentialKind, CredentialState
from responsibility.enterprise_line.models import Credential, CredentialPolicy, Staff
from responsibility.enterprise_line.periods import years_later
from responsibility.enterprise_line.policies import credential_policies
from responsibility.enterprise_line.services.writing import check, not_later, words
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_obligations
from safegrid.accounts.models import Post
from safegrid.audit.services import record
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Refused, Stale

NUMBER_ONCE = "credential_number_once"
ONE_STANDARDIZATION = "credential_one_standardization"
ONE_DAY = dt.timedelta(days=1)


def suggested(
    kind: str, valid_from: dt.date, policy: CredentialPolicy | None
) -> tuple[dt.date | None, dt.date | None]:
    """Return (last day of validity, day of the first re-examination) that `policy` gives; None for none."""
    if policy is None:
        return None, None
    until = years_later(valid_from, policy.valid_years) - ONE_DAY
    return until, _reexamination(valid_from, until, policy)


def _reexamination(start: dt.date, until: dt.date, policy: CredentialPolicy | None) -> dt.date | None:
    """Return the next re-examination counted from `start`, None where validity ends before or with it."""
    if policy is None or policy.reexamine_years is None:
        return None
    day = years_later(start, policy.reexamine_years) - ONE_DAY
    return day if day < until else None


def enter_credential(
    *,
    enterprise: Enterprise,
    kind: str,
    number: str,
    valid_from: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    valid_until: dt.date | None = None,
    reexamine_by: dt.date | None = None,
    holder: Staff | None = None,
    field: str = "",
    level: int | None = None,
    renews: Credential | None = None,
) -> Credential:
    """Enter a certificate and return it; with `renews` it takes the place of that one, whose renewal is met.

    Days that are not given are the policy's. What is entered twice is there once. Raise Invalid for a span
    that ends before it begins, a number that is there already, a person of others, or a renewal that is not
    valid longer; Stale when the old one has been renewed otherwise.
    """
    check(actor, acting_post, enterprise.pk)
    number = words(number, "number", _("Give the certificate's number."))
    not_later(valid_from, "valid_from", now=now)
    holder = _check_holder(kind, holder, enterprise)
    if kind != CredentialKind.SPECIAL_OPERATION:
        field = ""
    elif not field:
        raise Invalid({"field": _("Say what it permits.")})
    if kind != CredentialKind.STANDARDIZATION:
        level = None
    elif level is None:
        raise Invalid({"level": _("Say which level.")})
    policy = credential_policies(on=clock.local_date(now)).get(kind)
    until, _first = suggested(kind, valid_from, policy)
    until = valid_until or until
    if until is None:
        raise Invalid({"valid_until": _("Say until when it is valid.")})
    if until < valid_from:
        raise Invalid({"valid_until": _("It would end before it begins.")})
    if reexamine_by is None:
        reexamine_by = _reexamination(valid_from, until, policy)
    elif not valid_from <= reexamine_by <= until:
        raise Invalid({"reexamine_by": _("A re-examination lies within the time of validity.")})
    row = Credential(
        enterprise=enterprise,
        holder=holder,
        kind=kind,
        field=field,
        level=level,
        number=number,
        valid_from=valid_from,
        valid_until=until,
        reexamine_by=reexamine_by,
        due_on=min(reexamine_by or until, until),
    )
    with transaction.atomic():
        if renews is not None:
            done = _replace(renews, row, now=now)
            if done is not None:
                return done
        elif (known := _same(row)) is not None:
            return known
        _save(row)
        record(
            row,
            "credential.renew" if renews else "credential.enter",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={
                "enterprise": enterprise.pk,
                "holder": holder.pk if holder else None,
                "kind": kind,
                "field": field,
                "level": level,
                "valid_from": valid_from,
                "valid_until": until,
                "reexamine_by": reexamine_by,
                "renews": renews.pk if renews else None,
            },
            personal={"number": number},
        )
        owing.open_expiries(now=now, enterprise=enterprise)
    return row


def _check_holder(kind: str, holder: Staff | None, enterprise: Enterprise) -> Staff | None:
    if kind == CredentialKind.STANDARDIZATION:
        return None
    if kind not in CredentialKind.values:
        raise Invalid({"kind": _("There is no such choice for you.")})
    if holder is None or holder.enterprise_id != enterprise.pk or holder.left_on is not None:
        raise Invalid({"holder": _("Choose a person of the enterprise.")})
    return holder


def _same(row: Credential) -> Credential | None:
    """Return what was entered already, word for word."""
    names = ("enterprise", "holder", "kind", "field", "level", "number", "valid_from", "valid_until")
    return Credential.objects.current().filter(**{name: getattr(row, name) for name in names}).first()


def _replace(old: Credential, new: Credential, *, now: dt.datetime) -> Credential | None:
    """Let `new` take the place of `old`; return what has done so already when it is the same."""
    locked = Credential.objects.select_for_update().get(pk=old.pk)
    if (locked.enterprise_id, locked.kind, locked.holder_id) != (new.enterprise_id, new.kind, new.holder_id):
        raise Invalid({"kind": _("A renewal is of the same kind and person.")})
    if locked.state == CredentialState.RENEWED:
        by = Credential.objects.filter(renews=locked, number=new.number, valid_from=new.valid_from).first()
        if by is not None:
            return by
    if locked.state != CredentialState.CURRENT:
        raise Stale(_("This certificate has been replaced or put aside meanwhile."))
    if new.valid_until <= locked.valid_until:
        raise Invalid({"valid_until": _("It is not valid longer than the one that it renews.")})
    locked.state = CredentialState.RENEWED
    locked.save(update_fields=["state"])
    close_obligations(subject=locked, kinds=[owing.CREDENTIAL], outcome=Outcome.MET, now=now)
    new.renews = locked
    return None


def _save(row: Credential) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if NUMBER_ONCE in str(error):
            raise Invalid({"number": _("A certificate with this number is there already.")}) from error
        if ONE_STANDARDIZATION in str(error):
            raise Invalid({"kind": _("There is one already: renew that one.")}) from error
        raise


def reexamine(
    *, credential: Credential, on: dt.date, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Credential:
    """Note that a certificate was re-examined `on` a day; what is due next follows from the policy.

    Sent twice it is once. Raise Refused where no re-examination is due, Invalid for a day that cannot be.
    """
    check(actor, acting_post, credential.enterprise_id)
    not_later(on, "on", now=now)
    with transaction.atomic():
        row = (
            Credential.objects.select_for_update(of=("self",))
            .select_related("enterprise")
            .get(pk=credential.pk)
        )
        if row.state != CredentialState.CURRENT:
            raise Stale(_("This certificate has been replaced or put aside meanwhile."))
        if row.reexamined_on == on:
            return row
        if row.reexamine_by is None:
            raise Refused(_("No re-examination is due on this certificate."))
        if not max(row.valid_from, row.reexamined_on or row.valid_from) <= on <= row.valid_until:
            raise Invalid({"on": _("A re-examination lies within the time of validity.")})
        policy = credential_policies(on=clock.local_date(now)).get(row.kind)
        before = row.reexamine_by
        row.reexamined_on = on
        # Counted from the day it was due, unless it was done later than that.
        row.reexamine_by = _reexamination(max(before, on) + ONE_DAY, row.valid_until, policy)
        row.due_on = min(row.reexamine_by or row.valid_until, row.valid_until)
        row.save(update_fields=["reexamined_on", "reexamine_by", "due_on"])
        close_obligations(subject=row, kinds=[owing.CREDENTIAL], outcome=Outcome.MET, now=now)
        record(
            row,
            "credential.reexamine",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"on": on, "was_due": before, "next": row.reexamine_by},
        )
        owing.open_expiries(now=now, enterprise=row.enterprise)
    return row


def put_aside(
    *, credential: Credential, reason: str, actor: Any, acting_post: Post | None, now: dt.datetime
) -> Credential:
    """Say that a certificate is no longer needed, or was entered wrongly, and why. It stays on record."""
    check(actor, acting_post, credential.enterprise_id)
    reason = words(reason, "reason", _("Say why."))
    with transaction.atomic():
        row = Credential.objects.select_for_update().get(pk=credential.pk)
        if row.state == CredentialState.ENDED:
            return row
        if row.state != CredentialState.CURRENT:
            raise Stale(_("This certificate has been replaced or put aside meanwhile."))
        row.state = CredentialState.ENDED
        row.save(update_fields=["state"])
        close_obligations(subject=row, kinds=[owing.CREDENTIAL], outcome=Outcome.CANCELLED, now=now)
        record(row, "credential.end", actor=actor, acting_post=acting_post, now=now, data={"reason": reason})
    return row
