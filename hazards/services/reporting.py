"""Registering a hazard, on one of its two roads."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from hazards import deadlines
from hazards.choices import Road, Source, State
from hazards.models import TITLE_LENGTH, Hazard
from hazards.numbers import next_number
from hazards.repeats import earlier
from hazards.services import owing
from hazards.services.deeds import Deed, Given
from hazards.services.steps import write_step
from hazards.sharing import must_be_shared
from safegrid.accounts.models import Post, User
from safegrid.accounts.services import involve
from safegrid.audit.services import record
from safegrid.files.choices import Role
from safegrid.files.models import StoredFile
from safegrid.files.services import attach
from safegrid.grid.models import Matter, Site
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid

NUMBER_PREFIX = "XN"


def report(
    *,
    site: Site,
    matter: Matter,
    title: str,
    road: Road,
    source: Source,
    category: str,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
    description: str = "",
    spot: str = "",
    item_code: str = "",
    photos: Sequence[StoredFile] = (),
    after: Sequence[StoredFile] = (),
    fixed: bool = False,
    plan_due_on: dt.date | None = None,
    measures: str = "",
    decides: Post | None = None,
    found_at: dt.datetime | None = None,
    late_reason: str = "",
) -> Hazard:
    """Register a hazard and return it. Whether the post may act at the site, the caller has checked.

    On the order road it begins ungraded, and the post that `decides` (by default the finder's) owes a
    decision. On the enterprise's own road it is either `fixed` on the spot, with photos `after`, and
    somebody else confirms it; or it is planned for `plan_due_on`, within the limit that the policy gives.
    No order, no penalty (自查自改). What was found on an earlier day (`found_at`) is entered late with a
    reason, and the time to decide runs from then. What was closed here before is linked to
    (`hazards.repeats`). `category` is its code. A title too long for a list goes on in the description.
    Raise Invalid naming the field that is not acceptable.
    """
    title = " ".join(title.split())
    if not title:
        raise Invalid({"title": _("Say what is wrong.")})
    if len(title) > TITLE_LENGTH:
        title, description = f"{title[: TITLE_LENGTH - 1]}…", f"{title}\n{description}".strip()
    if road == Road.SELF and fixed and not after:
        raise Invalid({"photos": _("A photo of what was fixed is needed.")})
    found_at = _found_at(found_at, late_reason, now=now)
    own_day = None
    if road == Road.SELF and not fixed:
        own_day = deadlines.own_day(plan_due_on, field="plan_due_on", now=now)
    with transaction.atomic():
        hazard = Hazard(
            number=next_number(NUMBER_PREFIX, clock.local_date(now).year),
            enterprise=site.enterprise,
            site=site,
            matter=matter,
            industry_id=site.industry_id,
            then_district_id=site.district_id,
            then_township_id=site.township_id,
            road=road,
            source=source,
            title=title,
            description=description,
            spot=spot,
            item_code=item_code,
            category_id=category,
            measures=measures,
            fixed_on_the_spot=fixed,
            state=State.REPORTED,
            found_at=found_at,
            late_reason=late_reason.strip() if found_at != now else "",
            found_by=actor,
            found_post=acting_post,
            **site.place_ids,
        )
        hazard.recurs = earlier(hazard, now=now)
        hazard.be_found_by(hazard.number, hazard.title, site.enterprise.name, site.name)
        if road == Road.SELF and fixed:
            hazard.state, hazard.fixed_by = State.TO_CONFIRM, actor
        elif own_day is not None:
            hazard.state, hazard.due_on = State.RECTIFYING, own_day
            hazard.original_due_on, hazard.due_at = own_day, clock.day_end(own_day)
        hazard.is_shared = must_be_shared(hazard, now)
        hazard.save()
        attach(files=photos, subject=hazard, role=Role.BEFORE, actor=actor, now=now)
        attach(files=after, subject=hazard, role=Role.AFTER, actor=actor, now=now)
        involve(subject=hazard, post=acting_post, role="found", now=now)
        deed = Deed(hazard, Given(note=description), actor, acting_post, now)
        write_step(deed, "report", "")
        record(
            hazard,
            "hazard.report",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"state": hazard.state, "road": road, "site": site.pk, "title": hazard.title},
        )
        if hazard.state == State.REPORTED:
            owing.owe_decision(deed, decides or acting_post)
        elif hazard.state == State.TO_CONFIRM:
            owing.owe_confirmation(deed)
        else:
            owing.owe_rectification(deed)
    return hazard


def _found_at(found_at: dt.datetime | None, reason: str, *, now: dt.datetime) -> dt.datetime:
    """Return when it was found; raise Invalid for what is still to come, or late without a reason."""
    if found_at is None:
        return now
    if found_at > now:
        raise Invalid({"found_at": _("This time is still to come.")})
    if clock.local_date(found_at) < clock.local_date(now) and not reason.strip():
        raise Invalid({"late_reason": _("Say why it is entered late.")})
    return found_at
