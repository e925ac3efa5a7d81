"""Entering a hazard by hand, as a post that may say where it comes from."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hazards.choices import Road, Source, State
from hazards.entering.items import is_offered
from hazards.entering.models import EnteredHazard
from hazards.grading.models import MajorItem
from hazards.models import Hazard
from hazards.queries import deciding_post
from hazards.repeats import likely_same
from hazards.services import Given, act, report
from hazards.sources import sources_of
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.files.models import StoredFile
from safegrid.grid.models import Matter, Site
from safegrid.grid.queries import matters_at
from safegrid.kernel.refusals import Invalid, NotAllowed

DECIDE = (PostKind.OFFICER, PostKind.SUPERVISOR)


def perhaps_known(
    *, token: uuid.UUID, site: Site, title: str, actor: User, acting_post: Post
) -> list[Hazard]:
    """Return the open hazards at `site` that `actor` sees and that may be what `title` says. Two queries.

    Nothing for a form that was sent already: what it is like is what it has entered.
    """
    if EnteredHazard.objects.filter(token=token).exists():
        return []
    road = Road.SELF if acting_post.enterprise_id is not None else Road.ORDERED
    return likely_same(Hazard(site=site, title=title, road=road, state=State.REPORTED), actor)


def enter(
    *,
    token: uuid.UUID,
    site: Site,
    matter: Matter,
    source: str,
    title: str,
    category: str,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
    description: str = "",
    spot: str = "",
    photos: Sequence[StoredFile] = (),
    after: Sequence[StoredFile] = (),
    fixed: bool = False,
    plan_due_on: dt.date | None = None,
    found_at: dt.datetime | None = None,
    late_reason: str = "",
    item: str = "",
    is_major: bool = False,
    major_item: MajorItem | None = None,
    major_basis: str = "",
) -> Hazard:
    """Register a hazard at `site` and return it. `token` is the form's: sent twice, it is entered once.

    An enterprise enters its own, fixed on the spot or with its own day, and may call it major at once; an
    official's goes to whoever decides there. `item` is the code of a checklist's item. Raise Invalid by
    field, NotAllowed for a post that enters nothing, or not there.
    """
    if acting_post is None or not sources_of(acting_post):
        raise NotAllowed
    if (known := EnteredHazard.objects.select_related("hazard").filter(token=token).first()) is not None:
        return known.hazard
    if not Site.objects.editable_by(actor, acting_post).filter(pk=site.pk).exists():
        raise NotAllowed
    if source not in sources_of(acting_post):
        raise Invalid({"source": _("Choose where it comes from.")})
    if not matters_at(site, actor, acting_post).filter(pk=matter.pk).exists():
        raise Invalid({"matter": _("This is not one of your matters at this site.")})
    is_own = acting_post.enterprise_id is not None
    if item and not is_offered(item, site, own=is_own):
        raise Invalid({"item": _("This item does not apply here.")})
    if is_own and not fixed and plan_due_on is None:
        raise Invalid({"plan_due_on": _("Choose a day, or say that it is fixed already.")})
    if is_own and fixed and is_major:
        raise Invalid({"fixed": _("A major hazard takes time: say by when it will be fixed.")})
    decides = None if is_own or acting_post.kind in DECIDE else deciding_post(site, matter)
    try:
        with transaction.atomic():
            hazard = report(
                site=site,
                matter=matter,
                title=title,
                description=description,
                spot=spot,
                road=Road.SELF if is_own else Road.ORDERED,
                source=Source(source),
                category=category,
                photos=photos,
                after=after if is_own and fixed else (),
                fixed=is_own and fixed,
                plan_due_on=plan_due_on if is_own and not fixed else None,
                found_at=found_at,
                late_reason=late_reason,
                item_code=item,
                decides=decides,
                actor=actor,
                acting_post=acting_post,
                now=now,
            )
            EnteredHazard.objects.create(token=token, hazard=hazard)
            if is_own and is_major:
                hazard = act(
                    hazard=hazard,
                    action="call_major",
                    given=Given(major_item=major_item, major_basis=major_basis),
                    version=hazard.version,
                    actor=actor,
                    acting_post=acting_post,
                    now=now,
                )
    except IntegrityError:
        # The same form sent twice at the same moment: the other one was entered.
        return EnteredHazard.objects.select_related("hazard").get(token=token).hazard
    return hazard
