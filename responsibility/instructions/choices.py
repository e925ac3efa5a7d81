"""Closed lists of instructions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Source(models.TextChoices):
    """Where an instruction comes from."""

    NOTE = "note", _("Leader's note")
    DOCUMENT = "document", _("Superior's document")


class Role(models.TextChoices):
    """The part that a unit has in it."""

    LEAD = "lead", pgettext_lazy("unit", "Leads")
    ASSIST = "assist", pgettext_lazy("unit", "Assists")


class State(models.TextChoices):
    """How far the whole is."""

    OPEN = "open", pgettext_lazy("instruction", "Under way")
    CLOSED = "closed", pgettext_lazy("instruction", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("instruction", "Withdrawn")


TONES = {State.OPEN: "warn", State.CLOSED: "good", State.WITHDRAWN: "neutral"}


class Owed(models.TextChoices):
    """Kinds of obligation that instructions open."""

    REPLY = "instruction_reply", _("Answer to an instruction")
    ACCEPT = "instruction_accept", _("Acceptance of an answer")
    SUMMARY = "instruction_summary", _("Summary of an instruction")
