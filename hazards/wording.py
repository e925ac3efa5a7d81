"""The words around each action: what was done, and what its note is asked for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hazards.choices import Source
from safegrid.kernel.scope import reach_of

#: What an enterprise is told instead: that somebody reported it would lead to who did.
TOLD_AS = {Source.PUBLIC: Source.INSPECTION}


def source_for(user: Any, source: str) -> str:
    """Return where a hazard comes from, in the words that `user` may read."""
    code = Source(source)
    return str((code if reach_of(user).is_official else TOLD_AS.get(code, code)).label)


#: What the timeline says of a step.
DONE = {
    "report": _("Registered"),
    "grade": _("Graded"),
    "grade_again": _("Grade changed"),
    "order": _("Rectification ordered"),
    "plan": _("Plan submitted"),
    "submit": _("Rectification submitted"),
    "ask_extension": _("Extension requested"),
    "grant_extension": _("Extension granted"),
    "deny_extension": _("Extension not granted"),
    "accept": _("Accepted"),
    "confirm": _("Confirmed"),
    "send_back": _("Sent back"),
    "step_in": _("Officials stepped in"),
    "cancel": _("Cancelled"),
    "reopen": _("Reopened"),
    "told_found": _("Found, as the ledger says"),
    "told_closed": _("Closed, as the ledger says"),
    "import": _("Taken over from the ledger"),
}

#: What the note of an action is.
NOTE = {
    "submit": _("What was done"),
    "ask_extension": _("Why more time is needed"),
    "grant_extension": _("Remark"),
    "deny_extension": _("Why not"),
    "accept": _("What the re-inspection found"),
    "confirm": _("Remark"),
    "send_back": _("What is still to be done"),
    "step_in": _("Why"),
    "cancel": _("Why"),
    "reopen": _("Why"),
}

#: What a form says before its fields.
HINT = {
    "submit": _("Show what was done: words and at least one photo."),
    "confirm": _("You confirm that it is fixed. Somebody other than who fixed it does this."),
    "ask_extension": _("The first deadline stays on record beside the new one."),
    "accept": _("Compare before and after; on site you have seen that it is fixed."),
    "step_in": _("Officials step in only when it is major or overdue. You then order and accept it."),
    "plan": _("The five fulfilments: who is responsible, what is done, funds, by when, and what if."),
    "cancel": _("It stays on record as cancelled, with the reason. It is not the same as fixed."),
    "reopen": _("Whoever ordered it is told at once."),
}
