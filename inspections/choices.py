"""Closed lists of inspections."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Result(models.TextChoices):
    """The answer to one checklist item."""

    OK = "ok", _("OK")
    NOT_OK = "not_ok", _("Not OK")
    NA = "na", _("n/a")


class Way(models.TextChoices):
    """What the enterprise does about what it found itself (自查自改)."""

    SPOT = "spot", _("Fixed on the spot")
    PLAN = "plan", _("Fixed by a date of our own")


class SelfInspectionState(models.TextChoices):
    """States of a self-inspection."""

    DUE = "due", _("To be filled in")
    DRAFT = "draft", _("Draft")
    FILED = "filed", _("Filed")
    LAPSED = "lapsed", _("Lapsed")


class VisitKind(models.TextChoices):
    """Kinds of visit. A patrol has no legal effect; an inspection can lead to an order."""

    INSPECTION = "inspection", _("Inspection")
    PATROL = "patrol", _("Patrol")
