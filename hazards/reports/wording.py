"""How a report is worded: for who reported it, and on the timeline of officials."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.reports.choices import ReportState

#: What the tracking page says, without a word about anybody.
TOLD: dict[str, Any] = {
    ReportState.RECEIVED: _("It has been received and is with the body that answers for the place."),
    ReportState.ACCEPTED: _("It has been taken up. Somebody is looking into it."),
    ReportState.VERIFIED: _("It has been looked into. The answer is being written."),
    ReportState.ANSWERED: _("It has been looked into and answered."),
    ReportState.REJECTED: _("It is not followed up, for the reason below."),
}

#: Likewise of what a worker told their own enterprise.
TOLD_INSIDE: dict[str, Any] = {
    ReportState.RECEIVED: _(
        "It has been received. The people in charge of safety in your enterprise answer it."
    ),
    ReportState.ANSWERED: _("It has been answered."),
}

#: What was done, as a message and on the timeline.
DONE = {
    "receive": pgettext_lazy("report", "Received"),
    "accept": pgettext_lazy("report", "Taken up"),
    "reject": pgettext_lazy("report", "Not followed up"),
    "raise_hazard": _("A hazard was registered"),
    "join": _("Joined to a hazard"),
    "unfounded": _("Verified: nothing of it was found"),
    "feedback": pgettext_lazy("report", "Answered"),
    "transfer": _("Another body took it on"),
    "look": _("Looked at who reported it"),
    "erase": _("Who reported it was erased"),
}
