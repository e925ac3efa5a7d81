"""The codes at gates: one in use for each site, made when it is first printed."""

import datetime as dt

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from hazards.reports.codes import new_gate_code
from hazards.reports.models import GateCode
from safegrid.grid.models import Site


def code_of(site: Site, *, now: dt.datetime) -> str:
    """Return the code in use at the gate of `site`; the first time one is made."""
    if (known := _in_use(site)) is not None:
        return known
    try:
        with transaction.atomic():
            return GateCode.objects.create(code=new_gate_code(), site=site, made_at=now).code
    except IntegrityError:  # somebody prints it at the same moment
        return _in_use(site) or code_of(site, now=now)


def _in_use(site: Site) -> str | None:
    return GateCode.objects.filter(site=site, ended_at=None).values_list("code", flat=True).first()


def site_at(code: str) -> Site | None:
    """Return the site at whose gate `code` hangs; None for one that is unknown or has ended."""
    row = GateCode.objects.filter(code=code.upper(), ended_at=None).select_related("site__enterprise").first()
    return row.site if row is not None else None


def address_at(site: Site, now: dt.datetime) -> str:
    """Return the address that the QR at the gate of `site` leads to."""
    return f"{settings.SITE_URL}{reverse('report:gate', args=[code_of(site, now=now)])}"
