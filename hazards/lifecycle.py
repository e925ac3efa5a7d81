"""The lifecycle of a hazard as a table: (state, action) → (state, who may, what is required).

One service applies it (`hazards.services.act`). The buttons on pages, the API's actions and the
diagram in the docs come from here; a state is changed nowhere else.

Two roads (DOMAIN): what an enterprise finds itself it fixes by its own plan, and another of its people
confirms (自查自改); what an inspection finds is ordered, and the body that ordered it accepts
(Work Safety Law, Art. 41, 62, 67). A major hazard needs the enterprise's plan with the five
fulfilments before rectification can be submitted, and is always accepted by officials.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards.choices import Road, State
from hazards.models import Extension, Hazard, RectificationPlan
from safegrid.accounts.choices import PostKind
from safegrid.kernel.machine import Machine, Move


@dataclass(frozen=True)
class Actor:
    """Who wants to act, as which post, and whether the hazard lies within what that post may act on."""

    user: Any
    post: Any
    in_scope: bool

    def is_kind(self, *kinds: PostKind) -> bool:
        """Whether the post is of one of `kinds`."""
        return self.post is not None and self.post.kind in kinds


def _of_enterprise(hazard: Hazard, actor: Actor) -> bool:
    return actor.post is not None and actor.post.enterprise_id == hazard.enterprise_id


def _other_of_enterprise(hazard: Hazard, actor: Actor) -> bool:
    """Another than the fixer confirms; in a very small enterprise the owner confirms their own."""
    if not _of_enterprise(hazard, actor):
        return False
    is_fixer = hazard.fixed_by_id == actor.user.pk
    return not is_fixer or (actor.is_kind(PostKind.PRINCIPAL) and hazard.enterprise.size == "micro")


def _officer(hazard: Hazard, actor: Actor) -> bool:
    return actor.in_scope and actor.is_kind(PostKind.OFFICER, PostKind.SUPERVISOR)


def _ordering_body(hazard: Hazard, actor: Actor) -> bool:
    """The body that gave the order; before any order, an officer in whose scope it lies."""
    if not actor.is_kind(PostKind.OFFICER, PostKind.SUPERVISOR):
        return False
    if hazard.ordering_unit_id is None:
        return actor.in_scope
    return actor.post.unit_id == hazard.ordering_unit_id and hazard.fixed_by_id != actor.user.pk


def _ordered(hazard: Hazard, actor: Any) -> bool:
    return hazard.road == Road.ORDERED


def _own(hazard: Hazard, actor: Any) -> bool:
    """Self-found and general: the enterprise's own affair from start to end."""
    return hazard.road == Road.SELF and not hazard.is_major


def _official(hazard: Hazard, actor: Any) -> bool:
    return not _own(hazard, actor)


def _needs_plan(hazard: Hazard, actor: Any) -> bool:
    return hazard.is_major and not RectificationPlan.objects.filter(hazard=hazard).exists()


def _asked(hazard: Hazard, actor: Any) -> bool:
    return Extension.objects.filter(hazard=hazard, state="asked").exists()


def _not_asked(hazard: Hazard, actor: Any) -> bool:
    return _official(hazard, actor) and not _asked(hazard, actor)


MACHINE = Machine(
    (
        Move(
            "grade",
            (State.REPORTED, State.GRADED),
            State.GRADED,
            ("officer",),
            ("grade",),
            "ordered",
            _("Grade"),
            "primary",
        ),
        Move(
            "order",
            (State.GRADED,),
            State.RECTIFYING,
            ("ordering_body",),
            ("due_on", "measures"),
            "ordered",
            _("Order rectification"),
            "primary",
        ),
        Move(
            "plan",
            (State.RECTIFYING,),
            None,
            ("enterprise",),
            ("responsible", "plan_measures", "funds", "plan_due_on", "contingency"),
            "needs_plan",
            _("Submit the plan"),
            "primary",
        ),
        Move(
            "submit",
            (State.RECTIFYING,),
            State.TO_ACCEPT,
            ("enterprise",),
            ("note", "photos"),
            "official",
            _("Submit rectification"),
            "primary",
        ),
        Move(
            "submit",
            (State.RECTIFYING,),
            State.TO_CONFIRM,
            ("enterprise",),
            ("note", "photos"),
            "own",
            _("Submit rectification"),
            "primary",
        ),
        Move(
            "ask_extension",
            (State.RECTIFYING,),
            None,
            ("enterprise",),
            ("due_on", "note"),
            "not_asked",
            _("Request extension"),
        ),
        Move(
            "grant_extension",
            (State.RECTIFYING,),
            None,
            ("ordering_body",),
            (),
            "asked",
            _("Grant extension"),
            "primary",
        ),
        Move(
            "deny_extension",
            (State.RECTIFYING,),
            None,
            ("ordering_body",),
            ("note",),
            "asked",
            _("Do not grant"),
        ),
        Move(
            "accept",
            (State.TO_ACCEPT,),
            State.CLOSED,
            ("ordering_body",),
            ("note",),
            "",
            _("Accept"),
            "primary",
        ),
        Move(
            "confirm",
            (State.TO_CONFIRM,),
            State.CLOSED,
            ("other_of_enterprise",),
            (),
            "",
            _("Confirm"),
            "primary",
        ),
        Move(
            "send_back",
            (State.TO_ACCEPT,),
            State.RECTIFYING,
            ("ordering_body",),
            ("note", "due_on"),
            "",
            _("Send back"),
            "danger",
        ),
        Move(
            "send_back",
            (State.TO_CONFIRM,),
            State.RECTIFYING,
            ("other_of_enterprise",),
            ("note", "due_on"),
            "",
            _("Send back"),
            "danger",
        ),
        Move(
            "cancel",
            (State.REPORTED, State.GRADED, State.RECTIFYING),
            State.CANCELLED,
            ("ordering_body",),
            ("note",),
            "ordered",
            _("Cancel"),
            "danger",
        ),
        Move(
            "cancel",
            (State.RECTIFYING, State.TO_CONFIRM),
            State.CANCELLED,
            ("other_of_enterprise",),
            ("note",),
            "own",
            _("Cancel"),
            "danger",
        ),
        Move(
            "reopen",
            (State.CLOSED,),
            State.RECTIFYING,
            ("officer",),
            ("note", "due_on"),
            "",
            _("Reopen"),
            "danger",
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
        "official": _official,
        "needs_plan": _needs_plan,
        "asked": _asked,
        "not_asked": _not_asked,
    },
    words={
        "enterprise": _("the enterprise does this"),
        "other_of_enterprise": _("somebody of the enterprise other than who fixed it does this"),
        "officer": _("a certified officer of this area does this"),
        "ordering_body": _("the body that gave the order does this"),
    },
)


def actor_for(hazard: Hazard, user: Any, post: Any) -> Actor:
    """Return `user` acting as `post` towards `hazard`; its scope is looked up now."""
    in_scope = post is not None and Hazard.objects.editable_by(user, post).filter(pk=hazard.pk).exists()
    return Actor(user, post, in_scope)


def whose_move(hazard: Hazard) -> Any:
    """Return in words whose move it is."""
    if hazard.state in (State.REPORTED, State.GRADED, State.TO_ACCEPT):
        return _("the inspecting body")
    if hazard.state == State.RECTIFYING:
        return _("the enterprise")
    if hazard.state == State.TO_CONFIRM:
        return _("a second person of the enterprise")
    return _("nobody: it is over")
