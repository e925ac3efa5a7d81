"""Closed lists of obligations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """How an obligation came to its end."""

    MET = "met", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    LAPSED = "lapsed", _("Lapsed: the next period began")
    SUPERSEDED = "superseded", _("Replaced")


class Rhythm(models.TextChoices):
    """How often a duty falls due."""

    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    HALF_YEARLY = "half_year", _("Half-yearly")
    YEARLY = "yearly", _("Yearly")
