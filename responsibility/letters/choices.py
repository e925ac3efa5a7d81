"""Closed lists of letters."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rung(models.TextChoices):
    """The ladder towards a unit that does not act, from the lowest rung up; codes of kinds of document."""

    REMINDER = "reminder", _("Reminder")
    URGING = "urging", _("Urging letter")
    TALK = "talk", _("Talk")
    CIRCULAR = "circular", _("Circular")


LADDER = tuple(Rung)


class Owed(models.TextChoices):
    """Kinds of obligation that letters open."""

    REPLY = "letter_reply", _("Answer to a letter")
    ACCEPT = "letter_accept", _("Acceptance of an answer to a letter")
