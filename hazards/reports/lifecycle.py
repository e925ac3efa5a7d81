"""The lifecycle of a public report as a table; `hazards.reports.handling` applies it.

"Not ours" is no state: it is a transfer, which names a receiver and is open until somebody accepts.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.actors import Actor
from hazards.reports.choices import ReportState
from hazards.reports.models import Report
from responsibility.transfers.lifecycle import speaks
from responsibility.transfers.queries import of_subject
from safegrid.accounts.choices import PostKind
from safegrid.kernel.machine import Machine, Move


def _officer(report: Report, actor: Actor) -> bool:
    return actor.in_scope and speaks(actor.post)


def _body(report: Report, actor: Actor) -> bool:
    """The body that deals with it, or the committee's office."""
    is_office = actor.post is not None and actor.post.kind == PostKind.OFFICE
    return _officer(report, actor) and (actor.post.unit_id == report.unit_id or is_office)


def _is_here(report: Report, actor: Actor) -> bool:
    return of_subject(TRANSFER, report.pk) is None


def _at_site(report: Report, actor: Actor) -> bool:
    return report.site_id is not None


TRANSFER = "report"  # the kind of a transfer of one
_TRIAGE = (ReportState.RECEIVED, ReportState.ACCEPTED)
_VERIFY = (ReportState.ACCEPTED,)

MACHINE = Machine(
    (
        Move(
            "accept",
            (ReportState.RECEIVED,),
            ReportState.ACCEPTED,
            ("officer",),
            needs=("is_here",),
            label=pgettext_lazy("report", "Take it up"),
            tone="primary",
        ),
        Move(
            "raise_hazard",
            _VERIFY,
            ReportState.VERIFIED,
            ("body",),
            requires=("title", "category", "note"),
            optional=("spot", "item", "with_photos"),
            needs=("is_here", "at_site"),
            label=_("Register a hazard"),
            tone="primary",
        ),
        Move(
            "join",
            _VERIFY,
            ReportState.VERIFIED,
            ("body",),
            requires=("hazard",),
            optional=("note",),
            needs=("is_here",),
            label=_("Join to a known hazard"),
        ),
        Move(
            "unfounded",
            _VERIFY,
            ReportState.VERIFIED,
            ("body",),
            requires=("note",),
            needs=("is_here",),
            label=_("Nothing of it was found"),
        ),
        Move(
            "feedback",
            (ReportState.VERIFIED,),
            ReportState.ANSWERED,
            ("body",),
            requires=("feedback",),
            label=_("Answer who reported"),
            tone="primary",
        ),
        Move(
            "reject",
            _TRIAGE,
            ReportState.REJECTED,
            ("body",),
            requires=("feedback",),
            needs=("is_here",),
            label=_("Do not follow it up"),
            tone="danger",
        ),
    ),
    roles={"officer": _officer, "body": _body},
    conditions={"is_here": _is_here, "at_site": _at_site},
    words={
        "officer": _("an officer of this area or the committee's office does this"),
        "body": _("the body that deals with it does this"),
        "is_here": _("it is being passed on to another body"),
        "at_site": _("first name the site at which it is"),
    },
)
