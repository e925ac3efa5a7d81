"""What is given with a move on a listing, and one under way: locked, told in timeline and ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from hazards.listed.models import ListedSupervision
from hazards.models import Hazard
from hazards.services.deeds import Deed
from hazards.services.deeds import Given as HazardGiven
from hazards.services.steps import write_step
from safegrid.accounts.models import Post, User
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.kernel.refusals import NotAllowed

STEP = "list_{}"  # how the timeline of the hazard calls what is done to its listing
LIST_STEP = "list"


@dataclass(frozen=True)
class Given:
    """What was given with a move; the table says which of it is required."""

    note: str = ""
    due_on: dt.date | None = None
    photos: Sequence[StoredFile] = ()


@dataclass
class ListingDeed:
    """One move on a listing under way."""

    row: ListedSupervision
    given: Given
    actor: User
    post: Post
    now: dt.datetime
    data: dict[str, Any] = field(default_factory=dict)  # what the ledger keeps of it


def take(pk: int, actor: User) -> Hazard:
    """Lock the hazard, within what the person reaches: two at once act one after the other."""
    reached = Hazard.objects.visible_to(actor).select_for_update(of=("self",))
    row = reached.select_related("enterprise", "site", "matter", "ordered_by").filter(pk=pk).first()
    if row is None:
        raise NotAllowed
    return row


def show(deed: ListingDeed, subject: models.Model) -> None:
    """Let the photos that were given show `subject`."""
    files = deed.given.photos
    attach(files=files, subject=subject, role=Role.OTHER, actor=deed.actor, now=deed.now)


def tell(deed: ListingDeed, step: str, data: dict[str, Any]) -> None:
    """Write it into the hazard's timeline and ledger."""
    hazard = deed.row.hazard
    of_hazard = Deed(hazard, HazardGiven(note=deed.given.note), deed.actor, deed.post, deed.now)
    write_step(of_hazard, step, hazard.state)
    record(
        hazard,
        f"hazard.{step}",
        actor=deed.actor,
        acting_post=deed.post,
        now=deed.now,
        data={"listing": deed.row.pk, "version": deed.row.version, **data},
    )
