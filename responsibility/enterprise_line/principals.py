"""Whom an enterprise names as principal among its people is its principal in the register too.

Only where the register names nobody, or the same person without a telephone: what stands there stays.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, Q

from responsibility.enterprise_line.choices import StaffRole
from responsibility.enterprise_line.models import Staff
from safegrid.grid.models import Enterprise
from safegrid.grid.services import name_principal


def let_be_known(
    *, now: dt.datetime, enterprise: Enterprise | None = None, actor: Any = None, acting_post: Any = None
) -> int:
    """Fill in the register from the list of people, of one enterprise or of all; return of how many.

    A telephone is known of whoever has an account. Of several principals the one who joined first counts.
    """
    nobody = Q(enterprise__principal="")
    no_phone = Q(enterprise__principal=F("name"), enterprise__phone="", user__phone__gt="")
    rows = Staff.objects.present().filter(nobody | no_phone, role=StaffRole.PRINCIPAL)
    if enterprise is not None:
        rows = rows.filter(enterprise=enterprise)
    first = rows.filter(enterprise__merged_into=None).order_by("enterprise", "joined_on", "pk")
    found = list(first.distinct("enterprise").select_related("enterprise", "user"))
    for row in found:
        name_principal(
            enterprise=row.enterprise,
            principal=row.name,
            phone=row.enterprise.phone or (row.user.phone if row.user else ""),
            actor=actor,
            acting_post=acting_post,
            now=now,
        )
    return len(found)
