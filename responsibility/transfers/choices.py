"""Closed lists of transfers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TransferState(models.TextChoices):
    """States of a transfer. A refusal ends a leg of it, never the transfer."""

    PROPOSED = "proposed", _("To be accepted")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")
    LAPSED = "lapsed", _("Nothing left to hand over")


class Answer(models.TextChoices):
    """What became of one leg."""

    ACCEPTED = "accepted", pgettext_lazy("transfer", "Accepted")
    PASSED_ON = "passed_on", _("Not ours")
    DECIDED = "decided", _("Decided by the committee's office")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")
    LAPSED = "lapsed", _("Nothing left to hand over")
