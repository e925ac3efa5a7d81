"""What a business register has and the grid does not: registering it, or saying why it needs no site here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from responsibility.coverage.models import Finding, SetAside
from responsibility.coverage.services import ONE_BY_ONE, REASON_LENGTH, may_decide
from safegrid.audit.services import record
from safegrid.grid.models import Enterprise, RegisterEntry
from safegrid.grid.services import give_code, register_enterprise
from safegrid.kernel.refusals import Invalid, NotAllowed


def entries(finding: Finding) -> QuerySet[RegisterEntry]:
    """Return the entries that the finding is about: the grid does not know them, and none is set aside."""
    known = Enterprise.objects.filter(uscc=OuterRef("uscc"))
    return _of_place(finding).filter(~Exists(known), set_aside=None)


def set_aside(finding: Finding) -> QuerySet[RegisterEntry]:
    """Return the entries of the finding's place of which somebody said why they need no site here."""
    return _of_place(finding).filter(set_aside__isnull=False).select_related("set_aside__by")


def _of_place(finding: Finding) -> QuerySet[RegisterEntry]:
    rows = RegisterEntry.objects.order_by("name", "pk")
    if finding.rule not in ONE_BY_ONE:
        return rows.none()
    return rows.filter(district=finding.district_id, township=finding.township_id)


def put_aside(
    *,
    finding: Finding,
    chosen: Iterable[RegisterEntry],
    reason: str,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
) -> int:
    """Say of the entries `chosen` why they need no site here; return how many were put aside.

    Those that are aside already are left. Raise Invalid without a reason, NotAllowed for whoever may not
    decide the finding.
    """
    if not may_decide(finding, acting_post) or not _is_seen(finding, actor):
        raise NotAllowed
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Invalid({"reason": _("Say why they need no site here.")})
    with transaction.atomic():
        rows = list(
            entries(finding).filter(pk__in=[each.pk for each in chosen]).select_for_update(of=("self",))
        )
        SetAside.objects.bulk_create(SetAside(entry=row, at=now, by=actor, reason=reason) for row in rows)
        if rows:
            data = {"uscc": [row.uscc for row in rows], "reason": reason}
            record(finding, "finding.set_aside", actor=actor, acting_post=acting_post, now=now, data=data)
    return len(rows)


def take_back(
    *, finding: Finding, entry: RegisterEntry, actor: Any, acting_post: Any, now: dt.datetime
) -> None:
    """Let an entry that was put aside count again. Safe to repeat. Raise NotAllowed as `put_aside` does."""
    if not may_decide(finding, acting_post) or not _is_seen(finding, actor):
        raise NotAllowed
    with transaction.atomic():
        gone, _each = SetAside.objects.filter(entry__in=_of_place(finding), entry=entry).delete()
        if gone:
            data = {"uscc": entry.uscc}
            record(finding, "finding.take_back", actor=actor, acting_post=acting_post, now=now, data=data)


def _is_seen(finding: Finding, actor: Any) -> bool:
    return Finding.objects.visible_to(actor).filter(pk=finding.pk).exists()


def lookalikes(found: Iterable[RegisterEntry], user: Any) -> dict[int, Enterprise]:
    """Return, by entries, the enterprise of the same name that has no code and `user` reaches. One query."""
    rows = list(found)
    same = Enterprise.objects.visible_to(user).filter(
        uscc=None, merged_into=None, name__in={entry.name for entry in rows}
    )
    by_name = {each.name: each for each in same.order_by("-pk")}
    return {entry.pk: by_name[entry.name] for entry in rows if entry.name in by_name}


def is_known(
    *,
    finding: Finding,
    entry: RegisterEntry,
    enterprise: Enterprise,
    actor: Any,
    acting_post: Any,
    now: dt.datetime,
) -> Enterprise:
    """Say that an entry is `enterprise`, which had no code so far, and return it with its code.

    Raise Invalid where it has another one, NotAllowed outside of the acting post's reach.
    """
    if not entries(finding).filter(pk=entry.pk).exists() or acting_post is None:
        raise NotAllowed
    with transaction.atomic():
        known = give_code(
            enterprise=enterprise, uscc=entry.uscc, actor=actor, acting_post=acting_post, now=now
        )
        record(
            finding,
            "finding.known",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"enterprise": known.pk, "uscc": entry.uscc},
        )
    return known


def register_entry(
    *, finding: Finding, entry: RegisterEntry, actor: Any, acting_post: Any, now: dt.datetime
) -> Enterprise:
    """Register an entry as an enterprise with one site at its address, and return it.

    Raise Invalid where it is known already, NotAllowed outside of the acting post's reach.
    """
    if not _is_seen(finding, actor) or acting_post is None:
        raise NotAllowed
    if not entries(finding).filter(pk=entry.pk).exists():
        raise Invalid({"entry": _("This enterprise is registered already.")})
    with transaction.atomic():
        made = register_enterprise(
            name=entry.name,
            uscc=entry.uscc,
            principal=entry.principal,
            site={"address": entry.address},
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
        record(
            finding,
            "finding.register",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"enterprise": made.pk, "uscc": entry.uscc},
        )
    return made
