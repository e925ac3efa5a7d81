"""Closed lists of penalties."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PenaltyKind(models.TextChoices):
    """Kinds of administrative penalty (Administrative Penalty Law, Art. 9)."""

    WARNING = "warning", pgettext_lazy("penalty", "Warning")
    CRITICISM = "criticism", _("Public criticism")
    FINE = "fine", pgettext_lazy("penalty", "Fine")
    CONFISCATION = "confiscation", _("Confiscation of gains or goods")
    WITHHELD = "withheld", _("Licence withheld")
    DOWNGRADE = "downgrade", _("Qualification lowered")
    REVOKED = "revoked", _("Licence revoked")
    RESTRICTION = "restriction", _("Business restricted")
    SUSPENSION = "suspension", _("Business suspended")
    CLOSURE = "closure", _("Ordered to close")
