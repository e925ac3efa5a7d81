"""The one door through which a hazard changes its state."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from hazards.lifecycle import MACHINE, actor_for
from hazards.listed.wording import STEPS as LISTED
from hazards.models import Hazard
from hazards.services.deeds import Deed, Given
from hazards.services.effects import EFFECTS
from hazards.services.steps import write_step
from hazards.sharing import must_be_shared, share_owed
from hazards.wording import DONE, moved_on
from safegrid.accounts.models import Post, User
from safegrid.audit.services import record
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale


def act(
    *,
    hazard: Hazard,
    action: str,
    given: Given,
    version: int,
    actor: User,
    acting_post: Post,
    now: dt.datetime,
) -> Hazard:
    """Apply one action of the lifecycle table and return the hazard as it is then.

    `version` is the one that the person saw: if the hazard has moved on since, or the same form is
    sent twice, Stale is raised and nothing changes. Raise NotAllowed when the person does not reach it
    or the post may not do it, Refused when it is not possible now, Invalid naming the field when
    something required is missing or wrong.
    """
    with transaction.atomic():
        fresh = _take(hazard, actor)
        if fresh.version != version:
            raise Stale(late_for(fresh))
        move = MACHINE.check(
            fresh, action, _("This is not possible for %(number)s now.") % {"number": fresh.number}
        )
        context = actor_for(fresh, actor, acting_post, now=now)
        if not MACHINE.may(move, fresh, context):
            raise NotAllowed(str(MACHINE.words[move.who[0]]))
        if obstacle := MACHINE.obstacle(move, fresh, context):
            raise Refused(_("This is not possible yet: %(why)s.") % {"why": obstacle})
        _require(move.requires, given)
        deed = Deed(fresh, given, actor, acting_post, now)
        before, target, was_shared = fresh.state, move.target or fresh.state, fresh.is_shared
        fresh.is_shared = was_shared or must_be_shared(fresh, now)
        EFFECTS[action](deed, target)
        fresh.state, fresh.version = target, version + 1
        fresh.is_shared = fresh.is_shared or must_be_shared(fresh, now)
        fresh.save()
        if fresh.is_shared and not was_shared:
            share_owed(fresh)
        write_step(deed, action, before)
        record(
            fresh,
            f"hazard.{action}",
            actor=actor,
            acting_post=acting_post,
            now=now,
            data={"from": before, "to": target, "version": fresh.version, **deed.data},
        )
    return fresh


def _take(hazard: Hazard, actor: User) -> Hazard:
    """Lock the row, within what the person reaches: two at once act one after the other."""
    reached = Hazard.objects.visible_to(actor).select_for_update(of=("self",))
    row = reached.select_related("enterprise", "site", "ordered_by").filter(pk=hazard.pk).first()
    if row is None:
        raise NotAllowed
    return row


def late_for(hazard: Hazard) -> str:
    """Return for who comes too late what has happened meanwhile, who did it and when."""
    step = hazard.steps.select_related("actor", "acting_post").order_by("-pk").first()
    if step is None:
        return moved_on(hazard.number)
    what = DONE.get(step.action) or LISTED.get(step.action) or step.action
    return moved_on(hazard.number, what, step.actor, step.acting_post, step.at)


_MISSING = {
    "note": lambda: _("Say it in a few words."),
    "photos": lambda: _("A photo is needed."),
    "due_on": lambda: _("Choose a day."),
    "grade": lambda: _("Choose a grade."),
    "measures": lambda: _("Say what must be done."),
    "measure": lambda: _("Choose a measure."),
    "extent": lambda: _("Say what it covers."),
    "paper_number": lambda: _("Give its number."),
    "paper_on": lambda: _("Choose a day."),
}


def _require(names: Sequence[str], given: Given) -> None:
    missing = {}
    for name in names:
        value = getattr(given, name)
        if name == "due_on":
            value = value or given.due_at or given.policy
        if not (value.strip() if isinstance(value, str) else value or value == 0):
            missing[name] = _MISSING.get(name, lambda: _("This is needed."))()
    if missing:
        raise Invalid(missing)
