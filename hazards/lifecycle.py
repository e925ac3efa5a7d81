"""The lifecycle of a hazard as a table: (state, action) → (state, who may, what is required).

One service applies it (`hazards.services.act`). The buttons on pages, the API's actions and the
diagram in docs/hazard-lifecycle.md come from here; a state is changed nowhere else.

Two roads (DOMAIN): what an enterprise finds itself it fixes by its own plan, and another of its people
confirms (自查自改); officials step in only when it is major or overdue. What an inspection finds, or
officials took over, is ordered, and the body that ordered it accepts (Work Safety Law, Art. 41, 62, 67).
A major hazard needs the enterprise's plan with the five fulfilments before rectification is submitted.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.choices import ExtensionState, Road, State
from hazards.models import Extension, Hazard, RectificationPlan
from safegrid.accounts.choices import PostKind
from safegrid.files.choices import Role
from safegrid.files.models import Evidence
from safegrid.grid.choices import Size
from safegrid.kernel.machine import Machine, Move


@dataclass(frozen=True)
class Actor:
    """Who wants to act now, as which post, and whether the hazard lies within what that post may act on.

    `post` is None for somebody who does not hold the post they name: nothing is open to them.
    """

    user: Any
    post: Any
    in_scope: bool
    now: dt.datetime

    def is_kind(self, *kinds: PostKind) -> bool:
        """Whether the post is of one of `kinds`."""
        return self.post is not None and self.post.kind in kinds


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


_OFFICER = ("officer",)
_BODY = ("ordering_body",)
_ENTERPRISE = ("enterprise",)
_ANOTHER = ("other_of_enterprise",)

MACHINE = Machine(
    (
        Move(
            "grade",
            (State.REPORTED,),
            State.GRADED,
            _OFFICER,
            requires=("grade",),
            optional=("major_basis", "category"),
            label=pgettext_lazy("verb", "Grade"),
            tone="primary",
        ),
        Move(
            "order",
            (State.GRADED,),
            State.RECTIFYING,
            _BODY,
            requires=("due_on", "measures"),
            label=_("Order rectification"),
            tone="primary",
        ),
        Move(
            "grade",
            (State.GRADED,),
            State.GRADED,
            _OFFICER,
            requires=("grade",),
            optional=("major_basis", "category"),
            label=_("Change the grade"),
        ),
        Move(
            "plan",
            (State.RECTIFYING,),
            None,
            _ENTERPRISE,
            requires=("responsible", "plan_measures", "funds", "plan_due_on", "contingency"),
            when="needs_plan",
            label=_("Submit the plan"),
            tone="primary",
        ),
        Move(
            "submit",
            (State.RECTIFYING,),
            State.TO_ACCEPT,
            _ENTERPRISE,
            requires=("note", "photos"),
            when="ordered",
            needs=("planned",),
            label=_("Submit rectification"),
            tone="primary",
        ),
        Move(
            "submit",
            (State.RECTIFYING,),
            State.TO_CONFIRM,
            _ENTERPRISE,
            requires=("note", "photos"),
            when="own",
            label=_("Submit rectification"),
            tone="primary",
        ),
        Move(
            "ask_extension",
            (State.RECTIFYING,),
            None,
            _ENTERPRISE,
            requires=("due_on", "note"),
            when="may_ask",
            needs=("in_time",),
            label=_("Request extension"),
        ),
        Move(
            "grant_extension",
            (State.RECTIFYING,),
            None,
            _BODY,
            optional=("note",),
            when="asked",
            label=_("Grant extension"),
            tone="primary",
        ),
        Move(
            "deny_extension",
            (State.RECTIFYING,),
            None,
            _BODY,
            requires=("note",),
            when="asked",
            label=_("Do not grant"),
        ),
        Move(
            "accept",
            (State.TO_ACCEPT,),
            State.CLOSED,
            _BODY,
            requires=("note",),
            needs=("evidenced",),
            label=_("Accept"),
            tone="primary",
        ),
        Move(
            "confirm",
            (State.TO_CONFIRM,),
            State.CLOSED,
            _ANOTHER,
            optional=("note",),
            needs=("evidenced",),
            label=pgettext_lazy("hazard", "Confirm"),
            tone="primary",
        ),
        Move(
            "send_back",
            (State.TO_ACCEPT,),
            State.RECTIFYING,
            _BODY,
            requires=("note", "due_on"),
            label=_("Send back"),
            tone="danger",
        ),
        Move(
            "send_back",
            (State.TO_CONFIRM,),
            State.RECTIFYING,
            _ANOTHER,
            requires=("note", "due_on"),
            label=_("Send back"),
            tone="danger",
        ),
        Move(
            "step_in",
            (State.RECTIFYING, State.TO_CONFIRM),
            State.GRADED,
            _OFFICER,
            requires=("grade", "note"),
            optional=("major_basis",),
            when="own",
            label=_("Step in"),
        ),
        Move(
            "cancel",
            (State.REPORTED, State.GRADED, State.RECTIFYING),
            State.CANCELLED,
            _BODY,
            requires=("note",),
            when="ordered",
            label=_("Cancel this hazard"),
            tone="danger",
        ),
        Move(
            "cancel",
            (State.RECTIFYING, State.TO_CONFIRM),
            State.CANCELLED,
            _ANOTHER,
            requires=("note",),
            when="own",
            label=_("Cancel this hazard"),
            tone="danger",
        ),
        Move(
            "reopen",
            (State.CLOSED,),
            State.RECTIFYING,
            _OFFICER,
            requires=("note", "due_on"),
            label=_("Reopen"),
            tone="danger",
        ),
    ),
    roles={
        "enterprise": _of_enterprise,
        "other_of_enterprise": _other_of_enterprise,
        "officer": _officer,
        "ordering_body": _ordering_body,
    },
    conditions={
        "ordered": _ordered,
        "own": _own,
        "needs_plan": _needs_plan,
        "planned": _planned,
        "evidenced": _evidenced,
        "asked": _asked,
        "may_ask": _may_ask,
        "in_time": _in_time,
    },
    words={
        "enterprise": _("the enterprise does this"),
        "other_of_enterprise": _("somebody of the enterprise other than who fixed it does this"),
        "officer": _("a certified officer of this area does this"),
        "ordering_body": _("the body that gave the order does this"),
        "ordered": _("an inspection found it"),
        "own": _("the enterprise found it itself"),
        "needs_plan": _("it is major and has no plan yet"),
        "planned": _("first the plan with its five parts is submitted"),
        "evidenced": _("there is no photo of the rectification yet"),
        "asked": _("an extension was asked for"),
        "may_ask": _("an order was given and no extension is asked for"),
        "in_time": _("the deadline is over; more time is asked for before"),
    },
)


def actor_for(hazard: Hazard, user: Any, post: Any, *, now: dt.datetime) -> Actor:
    """Return `user` acting as `post` towards `hazard`; nobody acts as a post that they do not hold."""
    if post is None or post.pk not in user.reach.post_ids:
        return Actor(user, None, False, now)
    in_scope = Hazard.objects.editable_by(user, post).filter(pk=hazard.pk).exists()
    return Actor(user, post, in_scope, now)
