"""The one door through which a listing changes its state."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.actors import actor_for
from hazards.listed.deeds import STEP, Given, ListingDeed, take, tell
from hazards.listed.effects import EFFECTS
from hazards.listed.lifecycle import MACHINE
from hazards.listed.listing import list_hazard
from hazards.listed.models import TEXT_LENGTH, ListedSupervision
from hazards.services.acting import late_for
from safegrid.accounts.models import Post, User
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

__all__ = ["Given", "act", "list_hazard"]


def act(
    *,
    listing: ListedSupervision,
    action: str,
    given: Given,
    version: int,
    actor: User,
    acting_post: Post | None,
    now: dt.datetime,
) -> ListedSupervision:
    """Apply one move of the table and return the listing as it is then.

    `version` is the one that the person saw: if it has moved on since, or the same form is sent twice, Stale
    is raised and nothing changes. Raise NotAllowed for whoever may not, Refused when it is not possible now,
    Invalid by field.
    """
    with transaction.atomic():
        hazard = take(listing.hazard_id, actor)
        rows = ListedSupervision.objects.select_for_update(of=("self",))
        row = rows.select_related("rule", "post", "unit", "checked_post", "accepted_by").get(pk=listing.pk)
        row.hazard = hazard
        if row.version != version:
            raise Stale(late_for(hazard))
        move = MACHINE.check(
            row, action, _("This is not possible for %(number)s now.") % {"number": hazard.number}
        )
        context = actor_for(hazard, actor, acting_post, now=now)
        if not MACHINE.may(move, row, context) or acting_post is None:
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        if obstacle := MACHINE.obstacle(move, row, context):
            raise Refused(_("This is not possible yet: %(why)s.") % {"why": obstacle})
        given = replace(given, note=given.note.strip()[:TEXT_LENGTH])
        _require(move.requires, given, now)
        before = row.state
        row.state, row.version = move.target or before, version + 1
        deed = ListingDeed(row, given, actor, acting_post, now)
        EFFECTS[action](deed)
        row.save()
        tell(deed, STEP.format(action), {"from": before, "to": row.state, **deed.data})
    return row


def _require(names: tuple[str, ...], given: Given, now: dt.datetime) -> None:
    wrong = {}
    if "note" in names and not given.note:
        wrong["note"] = _("Say it in a few words.")
    if "due_on" in names and given.due_on is None:
        wrong["due_on"] = _("Choose a day.")
    if given.due_on is not None and given.due_on < clock.local_date(now):
        wrong["due_on"] = _("This day is over. Choose today or later.")
    if wrong:
        raise Invalid(wrong)
