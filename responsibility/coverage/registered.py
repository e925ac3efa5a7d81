"""What a business register has and the grid does not, and registering it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from responsibility.coverage.models import Finding
from safegrid.audit.services import record
from safegrid.grid.models import Enterprise, RegisterEntry
from safegrid.grid.services import give_code, register_enterprise
from safegrid.kernel.refusals import Invalid, NotAllowed

RULE = "unknown_enterprise"


def entries(finding: Finding) -> QuerySet[RegisterEntry]:
    """Return the entries that the finding is about and the grid does not know."""
    known = Enterprise.objects.filter(uscc=OuterRef("uscc"))
    rows = RegisterEntry.objects.filter(~Exists(known)).order_by("name", "pk")
    if finding.rule != RULE:
        return rows.none()
    return rows.filter(district=finding.district_id, township=finding.township_id)


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
    if not Finding.objects.visible_to(actor).filter(pk=finding.pk).exists() or acting_post is None:
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
