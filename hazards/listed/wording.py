"""The words around each move on a listing: what was done, what its note is, what a form says first."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What a message says when it is done.
DONE = {
    "list": _("Put under listed supervision"),
    "report": _("Progress reported"),
    "ask": _("Delisting asked for"),
    "check": _("Checked before delisting"),
    "accept": _("Accepted for delisting"),
    "approve": _("Delisted"),
    "send_back": _("Request for delisting sent back"),
    "withdraw": _("Listing withdrawn"),
    "confirm": _("Spot check after delisting: fixed"),
    "not_fixed": _("Spot check after delisting: not fixed"),
}

#: What the timeline of the hazard says, by the steps that are written there.
STEPS = {("list" if action == "list" else f"list_{action}"): words for action, words in DONE.items()}

#: What the note of a move is.
NOTE = {
    "list": _("Why, and what is asked of the enterprise"),
    "report": _("How far it is"),
    "ask": _("What was done, and with what result"),
    "check": pgettext_lazy("listing", "What the check found"),
    "accept": _("What the acceptance found"),
    "approve": pgettext_lazy("listing", "Remark"),
    "send_back": _("What is still to be done"),
    "withdraw": _("Why"),
    "confirm": _("What the spot check found"),
    "not_fixed": _("What the spot check found"),
}

#: What a form says before its fields.
HINT = {
    "list": _("The body watches it until it is delisted: by check, acceptance, approval and a spot check."),
    "raise": _(
        "The listing of the lower level ends with it; the enterprise reports to the higher one from now on."
    ),
    "report": _("The body that listed it reads this. A report meets what is owed in its own period only."),
    "ask": _("The photos of the rectification go with it. An officer then checks on site."),
    "check": _("On site. Another officer then accepts it."),
    "accept": _("Somebody other than who checked it. The body that listed it then decides."),
    "approve": _("It leaves the list. A spot check is owed some time after."),
    "send_back": _("It stays on the list until the new day; the first one stays on record."),
    "withdraw": _("For what was listed by mistake. Nothing is owed any more; it stays on record."),
    "confirm": _("Some time after delisting, somebody other than who accepted it looks again."),
    "not_fixed": _("The hazard is opened again, to be rectified by the new day, and is listed again."),
}

#: The other answer to the same question, offered beside the form.
SIBLINGS = {
    "check": ("send_back",),
    "accept": ("send_back",),
    "approve": ("send_back",),
    "confirm": ("not_fixed",),
}
