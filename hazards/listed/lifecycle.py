"""The way of a listing as a table: (state, action) → (state, who may, what is required).

One service applies it (`hazards.listed.services.act`); buttons come from here. Check, acceptance, approval
and spot check are four looks: whoever checked does not accept, and whoever accepted makes no spot check.
Rectification itself is the hazard's own way (`hazards.lifecycle`): delisting is asked for once it is
submitted, and nothing is accepted or approved here before it is accepted there.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.actors import Actor
from hazards.choices import State
from hazards.lifecycle_terms import ROLES
from hazards.listed.choices import ListingState
from hazards.listed.models import ListedSupervision
from safegrid.kernel.machine import Machine, Move

SUBMITTED = (State.TO_CONFIRM, State.TO_ACCEPT, State.CLOSED)


def _enterprise(row: ListedSupervision, actor: Actor) -> bool:
    return ROLES["enterprise"](row.hazard, actor)


def _regulator(row: ListedSupervision, actor: Actor) -> bool:
    return ROLES["officer"](row.hazard, actor)


def _acceptor(row: ListedSupervision, actor: Actor) -> bool:
    return _regulator(row, actor) and actor.user.pk != row.checked_by_id


def _spot_checker(row: ListedSupervision, actor: Actor) -> bool:
    return _regulator(row, actor) and actor.user.pk != row.accepted_by_id


def _lister(row: ListedSupervision, actor: Actor) -> bool:
    """The post that listed it, or another of that body's of its kind."""
    if actor.post is None or not actor.in_scope:
        return False
    is_same_kind = actor.post.unit_id == row.unit_id and actor.post.kind == row.post.kind
    return actor.post.pk == row.post_id or is_same_kind


_BOTH = ("regulator", "lister")

MACHINE = Machine(
    (
        Move(
            "report",
            (ListingState.LISTED,),
            None,
            ("enterprise",),
            requires=("note",),
            optional=("photos",),
            label=_("Report the progress"),
            tone="primary",
        ),
        Move(
            "ask",
            (ListingState.LISTED,),
            ListingState.ASKED,
            ("enterprise", "regulator"),
            requires=("note",),
            needs=("submitted",),
            label=_("Ask for delisting"),
            tone="primary",
        ),
        Move(
            "check",
            (ListingState.ASKED,),
            ListingState.CHECKED,
            ("regulator",),
            requires=("note",),
            optional=("photos",),
            needs=("submitted",),
            label=_("Record the check on site"),
            tone="primary",
        ),
        Move(
            "accept",
            (ListingState.CHECKED,),
            ListingState.ACCEPTED,
            ("acceptor",),
            requires=("note",),
            optional=("photos",),
            needs=("struck_off",),
            label=_("Accept for delisting"),
            tone="primary",
        ),
        Move(
            "approve",
            (ListingState.ACCEPTED,),
            ListingState.DELISTED,
            ("lister",),
            optional=("note",),
            needs=("struck_off",),
            label=_("Delist"),
            tone="primary",
        ),
        Move(
            "send_back",
            (ListingState.ASKED, ListingState.CHECKED),
            ListingState.LISTED,
            _BOTH,
            requires=("note", "due_on"),
            label=pgettext_lazy("listing", "Send back"),
            tone="danger",
        ),
        Move(
            "send_back",
            (ListingState.ACCEPTED,),
            ListingState.LISTED,
            ("lister",),
            requires=("note", "due_on"),
            label=pgettext_lazy("listing", "Send back"),
            tone="danger",
        ),
        Move(
            "withdraw",
            (ListingState.LISTED,),
            ListingState.WITHDRAWN,
            ("lister",),
            requires=("note",),
            label=_("Withdraw the listing"),
            tone="danger",
        ),
        Move(
            "confirm",
            (ListingState.DELISTED,),
            ListingState.CONFIRMED,
            ("spot_checker",),
            requires=("note",),
            optional=("photos",),
            needs=("struck_off",),
            label=_("Spot check: it is fixed"),
            tone="primary",
        ),
        Move(
            "not_fixed",
            (ListingState.DELISTED,),
            ListingState.RELISTED,
            ("spot_checker",),
            requires=("note", "due_on"),
            optional=("photos",),
            label=_("Spot check: it is not fixed"),
            tone="danger",
        ),
    ),
    roles={
        "enterprise": _enterprise,
        "regulator": _regulator,
        "acceptor": _acceptor,
        "spot_checker": _spot_checker,
        "lister": _lister,
    },
    conditions={
        "submitted": lambda row, actor: row.hazard.state in SUBMITTED,
        "struck_off": lambda row, actor: row.hazard.state == State.CLOSED,
    },
    words={
        "enterprise": _("the enterprise does this"),
        "regulator": _("a certified officer of this area does this"),
        "acceptor": _("an officer of this area other than who checked it does this"),
        "spot_checker": _("an officer of this area other than who accepted it does this"),
        "lister": _("the body that listed it does this"),
        "submitted": _("first the rectification is submitted, with photos"),
        "struck_off": _("first the rectification itself is accepted and the hazard struck off"),
    },
)
