"""The codes at gates and inside: one of each kind in use for a site, made when it is first printed."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from hazards.reports.choices import CodeKind
from hazards.reports.codes import new_gate_code
from hazards.reports.models import GateCode
from safegrid.grid.models import Site


def code_of(site: Site, kind: CodeKind = CodeKind.GATE, *, now: dt.datetime) -> str:
    """Return the code in use at `site`, at its gate or inside; the first time one is made."""
    if (known := _in_use(site, kind)) is not None:
        return known
    try:
        with transaction.atomic():
            return GateCode.objects.create(code=new_gate_code(), site=site, kind=kind, made_at=now).code
    except IntegrityError:  # somebody prints it at the same moment
        return _in_use(site, kind) or code_of(site, kind, now=now)


def _in_use(site: Site, kind: CodeKind) -> str | None:
    rows = GateCode.objects.filter(site=site, kind=kind, ended_at=None)
    return rows.values_list("code", flat=True).first()


def site_at(code: str, kind: CodeKind = CodeKind.GATE) -> Site | None:
    """Return the site at which `code` hangs; None for one that is unknown, has ended, or is another kind."""
    rows = GateCode.objects.filter(code=code.upper(), kind=kind, ended_at=None)
    row = rows.select_related("site__enterprise").first()
    return row.site if row is not None else None


def address_at(site: Site, now: dt.datetime) -> str:
    """Return the address that the QR at the gate of `site` leads to."""
    return f"{settings.SITE_URL}{reverse('report:gate', args=[code_of(site, now=now)])}"
