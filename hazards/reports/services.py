"""Taking a public report in: once, sealed, and on somebody's desk at once."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hazards.numbers import next_number
from hazards.reports import owing, reporter
from hazards.reports.choices import Contact, Via
from hazards.reports.codes import new_tracking
from hazards.reports.models import TITLE_LENGTH, Report
from hazards.reports.routing import propose
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.grid.models import District, Matter, Site
from safegrid.grid.places.columns import columns
from safegrid.kernel import clock

NUMBER_PREFIX = "JB"


@dataclass(frozen=True)
class Told:
    """What somebody told: what, where, and who they are if they like."""

    what: str
    matter: Matter
    site: Site | None = None
    district: District | None = None  # the place it was put in, where there is no site
    where: str = ""
    position: tuple[float, float] | None = None  # longitude, latitude; degrees, WGS-84
    name: str = ""
    phone: str = ""
    photos: Sequence[StoredFile] = ()


def receive(
    *,
    key: UUID,
    told: Told,
    via: Via,
    now: dt.datetime,
    actor: Any = None,
    acting_post: Any = None,
) -> Report:
    """Take a report in and return it; the same form (`key`) sent again gives the same report.

    `actor` is who entered a telephone call; nobody for a form without an account. Whose it is, the
    responsibility rule proposes, and they owe to take it up. Where nobody can be found at all it is open
    to whoever acts in the place.
    """
    if (known := Report.objects.filter(key=key).first()) is not None:
        return known
    try:
        with transaction.atomic():
            return _take_in(key, told, via, now, actor, acting_post)
    except IntegrityError as error:
        # The doubled form, sent in the same moment.
        known = Report.objects.filter(key=key).first()
        if known is None:
            raise error
        return known


def _take_in(key: UUID, told: Told, via: Via, now: dt.datetime, actor: Any, acting_post: Any) -> Report:
    place = told.site.place_ids if told.site is not None else columns(told.district)
    proposal = propose(site=told.site, place_ids=place, matter=told.matter, now=now)
    longitude, latitude = told.position or (None, None)
    row = Report(
        number=next_number(NUMBER_PREFIX, clock.local_date(now).year),
        tracking=new_tracking(),
        key=key,
        via=via,
        site=told.site,
        matter=told.matter,
        title=title_of(told.what),
        what=told.what.strip(),
        where=told.where.strip(),
        longitude=longitude,
        latitude=latitude,
        contact=Contact.GIVEN if told.name.strip() or told.phone.strip() else Contact.NONE,
        entered_by=actor,
        received_at=now,
        unit=proposal.unit if proposal else None,
        post=proposal.post if proposal else None,
        **place,
    )
    at_site = (told.site.name, told.site.enterprise.name) if told.site is not None else ()
    row.be_found_by(row.number, row.what, row.where, *at_site)
    row.save()
    attach(
        files=told.photos,
        subject=row,
        role=Role.BEFORE,
        actor=actor,
        now=now,
        form_key=key if actor is None else None,
    )
    personal = reporter.keep(row, name=told.name, phone=told.phone, now=now)
    record(
        row,
        "report.receive",
        actor=actor,
        acting_post=acting_post,
        now=now,
        data={
            "via": via,
            "site": told.site.pk if told.site is not None else None,
            "matter": told.matter.code,
            "unit": row.unit_id,
            "photos": [photo.sha256 for photo in told.photos],
        },
        personal={**personal, "what": row.what},
    )
    if acting_post is not None:
        involve(subject=row, post=acting_post, role="entered", now=now)
    owing.owe_triage(row, now=now)
    return row


def title_of(what: str) -> str:
    """Return what a list shows of what was told."""
    words = " ".join(what.split())
    return words if len(words) <= TITLE_LENGTH else f"{words[: TITLE_LENGTH - 1]}…"
