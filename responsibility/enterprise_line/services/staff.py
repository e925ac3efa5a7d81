"""Entering, changing and letting go the people of an enterprise. Names stay out of the ledger."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from responsibility.enterprise_line import owing, principals
from responsibility.enterprise_line.choices import CredentialState, StaffRole
from responsibility.enterprise_line.models import Credential, Staff
from responsibility.enterprise_line.services.writing import check, not_later, words
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import close_many
from safegrid.accounts.models import Holding, Post, User
from safegrid.audit.services import record
from safegrid.grid.models import Enterprise
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, Refused, Stale

ACCOUNT_ONCE = "staff_account_once"


def enter_staff(
    *,
    enterprise: Enterprise,
    name: str,
    role: str,
    joined_on: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    user: User | None = None,
    token: UUID | None = None,
) -> Staff:
    """Enter a person of `enterprise` and return them; the same form sent twice enters them once.

    `user` is their account, when they hold a post of the enterprise. Raise Invalid for no name, a day to
    come, an account of others or one that is linked already.
    """
    check(actor, acting_post, enterprise.pk)
    name = words(name, "name", _("Give the person's name."))
    not_later(joined_on, "joined_on", now=now)
    _check_role(role)
    _check_user(user, enterprise, on=clock.local_date(now))
    with transaction.atomic():
        if token is not None:
            known = Staff.objects.filter(token=token, enterprise=enterprise).first()
            if known is not None:
                return known
        row = Staff(enterprise=enterprise, name=name, role=role, joined_on=joined_on, user=user)
        if token is not None:
            row.token = token
        _save(row)
        record(
            row,
            "staff.enter",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"enterprise": enterprise.pk, "role": role, "joined_on": joined_on},
            personal={"name": name},
        )
        principals.let_be_known(now=now, enterprise=enterprise, actor=actor, acting_post=acting_post)
        owing.settle_training(now=now, enterprise=enterprise)
    return row


def change_staff(
    *,
    staff: Staff,
    name: str,
    role: str,
    joined_on: dt.date,
    actor: Any,
    acting_post: Post | None,
    now: dt.datetime,
    user: User | None = None,
) -> Staff:
    """Correct or change what is known of a person; what is the same already changes nothing."""
    check(actor, acting_post, staff.enterprise_id)
    name = words(name, "name", _("Give the person's name."))
    not_later(joined_on, "joined_on", now=now)
    _check_role(role)
    with transaction.atomic():
        row = _take(staff)
        if user is not None and user.pk != row.user_id:
            _check_user(user, row.enterprise, on=clock.local_date(now))
        new = {"name": name, "role": role, "joined_on": joined_on, "user_id": user.pk if user else None}
        changed = {field: value for field, value in new.items() if getattr(row, field) != value}
        if not changed:
            return row
        before = {field: getattr(row, field) for field in changed if field != "name"}
        for field, value in changed.items():
            setattr(row, field, value)
        _save(row)
        record(
            row,
            "staff.change",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": {field: v for field, v in changed.items() if field != "name"}},
            personal={"name": name} if "name" in changed else {},
        )
        principals.let_be_known(now=now, enterprise=row.enterprise, actor=actor, acting_post=acting_post)
        owing.settle_training(now=now, enterprise=row.enterprise)
    return row


def let_go(*, staff: Staff, on: dt.date, actor: Any, acting_post: Post | None, now: dt.datetime) -> Staff:
    """Say that a person has left: `on` is the first day without them. Sent twice it is the same.

    Their certificates no longer count for the enterprise, and nobody owes their renewal. What they were
    trained in stays on record. Raise Invalid for a day to come or before they joined.
    """
    check(actor, acting_post, staff.enterprise_id)
    not_later(on, "on", now=now)
    with transaction.atomic():
        row = Staff.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=staff.pk)
        if row.left_on == on:
            return row
        if row.left_on is not None:
            raise Stale(_("This person has left already."))
        if on < row.joined_on:
            raise Invalid({"on": _("They would have left before they joined.")})
        row.left_on = on
        row.save(update_fields=["left_on"])
        held = Credential.objects.current().filter(holder=row)
        ids = list(held.values_list("pk", flat=True))
        close_many(Credential, ids, kind=owing.CREDENTIAL, outcome=Outcome.CANCELLED, now=now)
        held.update(state=CredentialState.ENDED)
        record(
            row,
            "staff.leave",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"on": on, "credentials": ids},
        )
        owing.settle_training(now=now, enterprise=row.enterprise)
    return row


def _take(staff: Staff) -> Staff:
    row = Staff.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=staff.pk)
    if row.left_on is not None:
        raise Refused(_("This person has left already."))
    return row


def _check_role(role: str) -> None:
    if role not in StaffRole.values:
        raise Invalid({"role": _("There is no such choice for you.")})


def _check_user(user: User | None, enterprise: Enterprise, *, on: dt.date) -> None:
    """An account belongs to the person only if it holds a post of this enterprise."""
    if user is None:
        return
    if not Holding.objects.filter(user=user, post__enterprise=enterprise, span__contains=on).exists():
        raise Invalid({"user": _("This account holds no post of the enterprise.")})


def _save(row: Staff) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if ACCOUNT_ONCE not in str(error):
            raise
        raise Invalid({"user": _("This account is another person's already.")}) from error
