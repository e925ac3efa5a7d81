"""The lifecycle of a hazard as a table: (state, action) → (state, who may, what is required).

One service applies it (`hazards.services.act`). The buttons on pages, the API's actions and the
diagram in docs/hazard-lifecycle.md come from here; a state is changed nowhere else.

Two roads (DOMAIN): what an enterprise finds itself it fixes by its own plan, and another of its people
confirms (自查自改); officials step in only when it is major or overdue. What an inspection finds, or
officials took over, is ordered, and the body that ordered it accepts (Work Safety Law, Art. 41, 62, 67).
A major hazard needs the enterprise's plan with the five fulfilments before rectification is submitted. What
officials do at once stands beside the states; while work is suspended nothing is accepted (Art. 65). Who the
roles are and what the conditions mean is said in `hazards.lifecycle_terms`.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.actors import Actor, actor_for
from hazards.choices import State
from hazards.lifecycle_terms import CONDITIONS, ROLES, WORDS
from safegrid.kernel.machine import Machine, Move

__all__ = ["MACHINE", "Actor", "actor_for"]

_OFFICER = ("officer",)
_BODY = ("ordering_body",)
_ENTERPRISE = ("enterprise",)
_ANOTHER = ("other_of_enterprise",)
_GRADING = ("major_item", "major_basis", "likelihood", "consequence", "category")
_UNDER_WAY = (State.REPORTED, State.GRADED, State.RECTIFYING, State.TO_ACCEPT)

MACHINE = Machine(
    (
        Move(
            "grade",
            (State.REPORTED,),
            State.GRADED,
            _OFFICER,
            requires=("grade",),
            optional=_GRADING,
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
            optional=_GRADING,
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
            needs=("in_time", "early_enough"),
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
            needs=("planned", "evidenced", "resumed"),
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
            optional=("major_item", "major_basis", "likelihood", "consequence"),
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
            needs=("resumed",),
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
            "tell_major",
            (State.RECTIFYING, State.TO_ACCEPT),
            None,
            _ENTERPRISE,
            requires=("told_regulator_on", "told_workers_on"),
            optional=("note",),
            when="untold",
            label=_("Record the two reports"),
            tone="primary",
        ),
        Move(
            "take_measure",
            _UNDER_WAY,
            None,
            _OFFICER,
            requires=("measure", "extent"),
            optional=("note", "photos"),
            when="measurable",
            label=_("Take a measure on the spot"),
        ),
        Move(
            "lift_measure",
            _UNDER_WAY,
            None,
            _BODY,
            requires=("measure", "note"),
            when="measured",
            label=_("Lift a measure"),
        ),
        Move(
            "suspend",
            (State.GRADED, State.RECTIFYING, State.TO_ACCEPT),
            None,
            _BODY,
            requires=("extent", "note"),
            when="suspendable",
            label=_("Suspend work"),
            tone="danger",
        ),
        Move(
            "ask_resume",
            (State.GRADED, State.RECTIFYING, State.TO_ACCEPT),
            None,
            _ENTERPRISE,
            requires=("note",),
            optional=("photos",),
            when="may_resume",
            label=_("Ask to resume work"),
        ),
        Move(
            "consent_resume",
            (State.GRADED, State.RECTIFYING, State.TO_ACCEPT),
            None,
            _BODY,
            requires=("note",),
            when="resume_asked",
            label=_("Consent to resume work"),
            tone="primary",
        ),
        Move(
            "refuse_resume",
            (State.GRADED, State.RECTIFYING, State.TO_ACCEPT),
            None,
            _BODY,
            requires=("note",),
            when="resume_asked",
            label=_("Do not consent"),
        ),
        Move(
            "spot_check",
            (State.RECTIFYING, State.TO_CONFIRM, State.CLOSED),
            None,
            _OFFICER,
            requires=("note",),
            optional=("photos",),
            when="drawn",
            label=_("Record the check"),
            tone="primary",
        ),
        Move(
            "attach_paper",
            (State.RECTIFYING, State.TO_ACCEPT),
            None,
            _BODY,
            requires=("paper_number", "paper_on"),
            optional=("photos",),
            when="ordered",
            label=_("Attach a paper order"),
        ),
        Move(
            "correct",
            (*_UNDER_WAY, State.TO_CONFIRM),
            None,
            ("author",),
            optional=("title", "description", "spot", "category", "note"),
            label=_("Correct the entry"),
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
    roles=ROLES,
    conditions=CONDITIONS,
    words=WORDS,
)
