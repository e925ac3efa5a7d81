"""The terms of the lifecycle table: who somebody is towards a hazard, what holds of it, and how it is said.

`hazards.lifecycle` has the table itself.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards import deadlines
from hazards.actors import Actor
from hazards.choices import AT_ONCE, ExtensionState, MeasureKind, Road
from hazards.listed.queries import is_watched
from hazards.models import Extension, Hazard, MajorReport, RectificationPlan, SiteMeasure, SpotCheck
from hazards.repeats import likely_same
from safegrid.accounts.choices import PostKind
from safegrid.files.choices import Role
from safegrid.files.models import Evidence
from safegrid.grid.choices import Size


def _of_enterprise(hazard: Hazard, actor: Actor) -> bool:
    return actor.in_scope and actor.post.enterprise_id == hazard.enterprise_id


def _other_of_enterprise(hazard: Hazard, actor: Actor) -> bool:
    """Another than the fixer confirms; in a very small enterprise the owner confirms their own."""
    if not _of_enterprise(hazard, actor):
        return False
    is_fixer = hazard.fixed_by_id == actor.user.pk
    return not is_fixer or (actor.is_kind(PostKind.PRINCIPAL) and hazard.enterprise.size == Size.MICRO)


def _officer(hazard: Hazard, actor: Actor) -> bool:
    return actor.in_scope and actor.is_kind(PostKind.OFFICER, PostKind.SUPERVISOR)


def _ordering_body(hazard: Hazard, actor: Actor) -> bool:
    """The body that gave the order, never who fixed it; before any order, an officer of the area."""
    if hazard.ordering_unit_id is None:
        return _officer(hazard, actor)
    same_body = actor.post is not None and actor.post.unit_id == hazard.ordering_unit_id
    powers = actor.is_kind(PostKind.OFFICER, PostKind.SUPERVISOR)
    return same_body and powers and hazard.fixed_by_id != actor.user.pk


def _ordered(hazard: Hazard, actor: Any) -> bool:
    return hazard.road == Road.ORDERED


def _own(hazard: Hazard, actor: Any) -> bool:
    """Found by the enterprise and nobody stepped in: its own affair from start to end."""
    return hazard.road == Road.SELF


def _planned(hazard: Hazard, actor: Any) -> bool:
    return not hazard.is_major or RectificationPlan.objects.filter(hazard=hazard).exists()


def _needs_plan(hazard: Hazard, actor: Any) -> bool:
    return not _planned(hazard, actor)


def _has_plan(hazard: Hazard, actor: Any) -> bool:
    return hazard.is_major and _planned(hazard, actor)


def _evidenced(hazard: Hazard, actor: Any) -> bool:
    """A photo of this round shows what was done."""
    shown = Evidence.objects.filter(subject_type__model="hazard", subject_id=hazard.pk, role=Role.AFTER)
    return shown.filter(round=hazard.round).exists()


def _asked(hazard: Hazard, actor: Any) -> bool:
    return Extension.objects.filter(hazard=hazard, state=ExtensionState.ASKED).exists()


def _may_ask(hazard: Hazard, actor: Any) -> bool:
    return _ordered(hazard, actor) and not _asked(hazard, actor)


def _in_time(hazard: Hazard, actor: Actor) -> bool:
    return not hazard.is_overdue(actor.now)


def _early_enough(hazard: Hazard, actor: Actor) -> bool:
    return deadlines.is_early_enough(hazard, now=actor.now)


def _author(hazard: Hazard, actor: Actor) -> bool:
    return actor.in_scope and hazard.found_by_id == actor.user.pk


def measures_open(hazard: Hazard) -> Any:
    """Return what officials have taken at once and not lifted yet."""
    return SiteMeasure.objects.filter(hazard=hazard, kind__in=AT_ONCE, lifted_at=None)


def suspension(hazard: Hazard) -> SiteMeasure | None:
    """Return the suspension of work that is in force."""
    return SiteMeasure.objects.filter(hazard=hazard, kind=MeasureKind.SUSPEND, lifted_at=None).first()


def _measured(hazard: Hazard, actor: Any) -> bool:
    return measures_open(hazard).exists()


def _unmeasured(hazard: Hazard, actor: Any) -> bool:
    return not _measured(hazard, actor)


def _measurable(hazard: Hazard, actor: Any) -> bool:
    return _ordered(hazard, actor) and measures_open(hazard).count() < len(AT_ONCE)


def _suspendable(hazard: Hazard, actor: Any) -> bool:
    return _ordered(hazard, actor) and suspension(hazard) is None


def _may_resume(hazard: Hazard, actor: Any) -> bool:
    found = suspension(hazard)
    return found is not None and found.asked_at is None


def _resume_asked(hazard: Hazard, actor: Any) -> bool:
    found = suspension(hazard)
    return found is not None and found.asked_at is not None


def _resumed(hazard: Hazard, actor: Any) -> bool:
    return suspension(hazard) is None


def _drawn(hazard: Hazard, actor: Any) -> bool:
    """Drawn for a check, and not looked at yet."""
    return SpotCheck.objects.filter(hazard=hazard, checked_at=None).exists()


def _alike_ordered(hazard: Hazard, actor: Any) -> bool:
    """Ordered, and another open order at the site may be the same."""
    return _ordered(hazard, actor) and bool(likely_same(hazard))


def _alike_own(hazard: Hazard, actor: Any) -> bool:
    return _own(hazard, actor) and bool(likely_same(hazard))


def _general_found(hazard: Hazard, actor: Any) -> bool:
    return _ordered(hazard, actor) and not hazard.is_major


def _own_general(hazard: Hazard, actor: Any) -> bool:
    return _own(hazard, actor) and not hazard.is_major


def _untold(hazard: Hazard, actor: Any) -> bool:
    """Major, and not yet reported to regulator and workers."""
    return hazard.is_major and not MajorReport.objects.filter(hazard=hazard).exists()


def _told(hazard: Hazard, actor: Any) -> bool:
    return hazard.is_major and not _untold(hazard, actor)


def _unlisted(hazard: Hazard, actor: Any) -> bool:
    return not is_watched(hazard)


ROLES: dict[str, Callable[[Any, Any], bool]] = {
    "enterprise": _of_enterprise,
    "other_of_enterprise": _other_of_enterprise,
    "officer": _officer,
    "ordering_body": _ordering_body,
    "author": _author,
}

CONDITIONS: dict[str, Callable[[Any, Any], bool]] = {
    "ordered": _ordered,
    "own": _own,
    "general_found": _general_found,
    "own_general": _own_general,
    "needs_plan": _needs_plan,
    "planned": _planned,
    "has_plan": _has_plan,
    "evidenced": _evidenced,
    "asked": _asked,
    "may_ask": _may_ask,
    "in_time": _in_time,
    "early_enough": _early_enough,
    "measurable": _measurable,
    "measured": _measured,
    "unmeasured": _unmeasured,
    "suspendable": _suspendable,
    "may_resume": _may_resume,
    "resume_asked": _resume_asked,
    "resumed": _resumed,
    "untold": _untold,
    "told": _told,
    "unlisted": _unlisted,
    "drawn": _drawn,
    "alike_ordered": _alike_ordered,
    "alike_own": _alike_own,
}

WORDS = {
    "enterprise": _("the enterprise does this"),
    "other_of_enterprise": _("somebody of the enterprise other than who fixed it does this"),
    "officer": _("a certified officer of this area does this"),
    "ordering_body": _("the body that gave the order does this"),
    "ordered": _("an inspection found it"),
    "own": _("the enterprise found it itself"),
    "general_found": _("an inspection found it, and it is general"),
    "own_general": _("the enterprise found it itself, and it is general"),
    "needs_plan": _("it is major and has no plan yet"),
    "planned": _("first the plan with its five parts is submitted"),
    "has_plan": _("it is major and has a plan"),
    "evidenced": _("there is no photo of the rectification yet"),
    "asked": _("an extension was asked for"),
    "may_ask": _("an order was given and no extension is asked for"),
    "in_time": _("the deadline is over; more time is asked for before"),
    "early_enough": _("it is too close to the deadline to ask for more time"),
    "author": _("whoever entered it does this"),
    "measurable": _("an inspection found it, and a measure is left to take"),
    "measured": _("a measure on the spot is in force"),
    "unmeasured": _("a measure on the spot is in force; first it is lifted"),
    "suspendable": _("an inspection found it, and work is not suspended"),
    "may_resume": _("work is suspended, and resuming it is not asked for"),
    "resume_asked": _("the enterprise has asked to resume work"),
    "resumed": _("work is suspended; first it is decided whether it may resume"),
    "drawn": _("it is drawn for a check that is still to come"),
    "alike_ordered": _("an inspection found it, and another open hazard of the site may be the same"),
    "alike_own": _("the enterprise found it, and another open hazard of the site may be the same"),
    "unlisted": _("it is under listed supervision; first the listing is withdrawn"),
    "untold": _("it is major and not yet reported to regulator and workers"),
    "told": _("it is major and was reported to regulator and workers"),
}
