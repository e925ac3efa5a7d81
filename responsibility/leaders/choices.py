"""Closed lists of leaders' duties."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LeaderRole(models.TextChoices):
    """Which leading posts a policy speaks of; told from the kind of post and of its unit."""

    SECRETARY = "secretary", _("Head of a party body")
    GOVERNMENT = "government", _("Head of a government")
    TOWNSHIP = "township", _("Head of a township or street")
    UNIT = "unit", _("Head of a member unit")
    OFFICE = "office", _("Head of the safety committee office")


class DeedKind(models.TextChoices):
    """What a leading post owes."""

    CHECK = "check", _("Lead a check")
    MEETING = "meeting", _("Hold a meeting")
    CONTACT = "contact", _("Visit an enterprise under one's wing")


class PeriodState(models.TextChoices):
    """States of what is owed in a period."""

    RUNNING = "running", pgettext_lazy("period", "Running")
    MET = "met", _("Done")
    LAPSED = "lapsed", _("Lapsed undone")
    CANCELLED = "cancelled", _("Cancelled")
