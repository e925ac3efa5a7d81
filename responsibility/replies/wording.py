"""The words around each action: what was done, and what its note is asked for."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What the timeline says of a step.
DONE = {
    "give": _("Instruction given"),
    "send": _("Letter sent"),
    "correct": _("Letter corrected"),
    "progress": _("Progress noted"),
    "answer": pgettext_lazy("reply", "Answered"),
    "accept": _("Answer accepted"),
    "send_back": _("Answer sent back"),
    "withdraw": pgettext_lazy("reply", "Withdrawn"),
    "close": _("Summed up and closed"),
}

#: What the note of an action is.
NOTE = {
    "progress": _("How far it is"),
    "answer": _("What was done, and with what result"),
    "accept": _("Remark"),
    "send_back": _("What is still to be done"),
    "withdraw": _("Why"),
    "close": _("Summary for whoever gave the instruction"),
}

#: What a form says before its fields.
HINT = {
    "progress": _("The reply date stays as it is."),
    "answer": _("Whoever asked accepts the answer or sends it back with a new date."),
    "send_back": _("The unit owes another answer by the new date; the first date stays on record."),
    "withdraw": _("Nothing is owed any more. It stays on record with the reason."),
    "close": _("The summary goes back to whoever gave the instruction. Nothing is owed after it."),
}
