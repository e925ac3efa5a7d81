"""The words around each action: what was done, and what its note is asked for."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def moved_on(
    number: str,
    what: Any = "–",
    actor: Any = None,
    acting_post: Any = None,
    at: dt.datetime | None = None,
) -> str:
    """Return for who comes too late what has happened meanwhile, who did it, as which post, and when."""
    words = {
        "number": number,
        "what": what,
        "who": " · ".join(str(each.label) for each in (actor, acting_post) if each) or "–",
        "when": date_format(localtime(at), "DATETIME_FORMAT") if at is not None else "–",
    }
    return (
        gettext(
            "%(number)s has moved on since you opened it: %(what)s, %(who)s, %(when)s. Look at it again; "
            "nothing was changed."
        )
        % words
    )


#: What the timeline says of a step.
DONE = {
    "report": _("Registered"),
    "grade": _("Graded"),
    "grade_again": _("Grade changed"),
    "regrade": _("Graded anew, to be ordered again"),
    "fixed_at_once": _("Put right on the spot"),
    "call_major": _("Reported as major by the enterprise"),
    "order": _("Rectification ordered"),
    "plan": _("Plan submitted"),
    "revise_plan": _("Plan revised"),
    "submit": _("Rectification submitted"),
    "ask_extension": _("Extension requested"),
    "grant_extension": _("Extension granted"),
    "deny_extension": _("Extension not granted"),
    "accept": _("Accepted"),
    "confirm": _("Confirmed"),
    "send_back": _("Sent back"),
    "step_in": _("Officials stepped in"),
    "cancel": _("Cancelled"),
    "merge": _("Merged into another hazard"),
    "absorb": _("Another hazard was merged into it"),
    "reopen": _("Reopened"),
    "tell_major": _("Reported to regulator and workers"),
    "correct_told": _("Reports to regulator and workers corrected"),
    "take_measure": _("Measure taken on the spot"),
    "lift_measure": _("Measure lifted"),
    "suspend": _("Work suspended"),
    "ask_resume": _("Resumption of work asked for"),
    "consent_resume": _("Consent to resume work"),
    "refuse_resume": _("No consent to resume work"),
    "draw": _("Drawn for a spot check"),
    "spot_check": _("Spot check made"),
    "attach_paper": _("Paper order attached"),
    "correct": _("Entry corrected"),
    "transfer": _("Taken on from another body"),
    "told_found": _("Found, as the ledger says"),
    "told_closed": _("Closed, as the ledger says"),
    "import": _("Taken over from the ledger"),
}

#: What the note of an action is.
NOTE = {
    "grade": _("Why"),
    "revise_plan": _("Why it is changed"),
    "correct_told": _("Why it is corrected"),
    "regrade": _("Why"),
    "fixed_at_once": _("What was done, and what you saw"),
    "call_major": _("Remark"),
    "submit": _("What was done"),
    "ask_extension": _("Why more time is needed"),
    "grant_extension": _("Remark"),
    "deny_extension": _("Why not"),
    "accept": _("What the re-inspection found"),
    "confirm": _("Remark"),
    "send_back": _("What is still to be done"),
    "step_in": _("Why"),
    "cancel": _("Why"),
    "merge": _("Why they are the same"),
    "reopen": _("Why"),
    "tell_major": _("Remark"),
    "take_measure": _("Remark"),
    "lift_measure": _("Why it is lifted"),
    "suspend": _("Why"),
    "ask_resume": _("What was done"),
    "consent_resume": _("What the review found"),
    "refuse_resume": _("Why not"),
    "spot_check": _("What the check found"),
    "correct": _("Why it is corrected"),
}

#: What a form says before its fields.
HINT = {
    "order": _("Of an order that was written on paper give number and day; then its deadline may be over."),
    "regrade": _("The order is taken back and given anew; its first deadline stays on record."),
    "fixed_at_once": _("In front of you, with a photo of it: no order is given, and it is closed."),
    "call_major": _(
        "Officials see it from now on. You report it to the regulator and to the workers' congress, and "
        "submit a plan."
    ),
    "submit": _("Show what was done: words and at least one photo."),
    "confirm": _("You confirm that it is fixed. Somebody other than who fixed it does this."),
    "ask_extension": _("The first deadline stays on record beside the new one."),
    "accept": _("Compare before and after; on site you have seen that it is fixed."),
    "step_in": _("Officials step in only when it is major or overdue. You then order and accept it."),
    "plan": _("The five fulfilments: who is responsible, what is done, funds, by when, and what if."),
    "revise_plan": _("A slip is just set right for some minutes; after that the timeline shows both."),
    "correct_told": _("A slip is just set right for some minutes; after that the timeline shows both."),
    "cancel": _("It stays on record as cancelled, with the reason. It is not the same as fixed."),
    "merge": _("It is cancelled and leads to the other one, which stays open with its own deadline."),
    "reopen": _("Whoever ordered it is told at once."),
    "tell_major": _("A major hazard is reported to the regulator and to the workers' congress (Art. 41)."),
    "take_measure": _("At once, before any plan. It is in force until it is lifted."),
    "suspend": _("Work resumes only after a review and with consent (Art. 65)."),
    "ask_resume": _("The body that suspended work reviews it and decides."),
    "spot_check": _("The enterprise found it itself: no order and no penalty, unless it is major or late."),
    "attach_paper": _("An order that was written on paper: its number, its day, and a photo of it."),
    "correct": _("A slip is just set right for some minutes; after that the timeline shows both."),
}
