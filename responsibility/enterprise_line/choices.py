"""Closed lists of the enterprise's own line."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StaffRole(models.TextChoices):
    """What a person does in an enterprise, as far as training and certificates go by it.

    Who is new is told from the day they joined.
    """

    PRINCIPAL = "principal", _("Principal")
    SAFETY_MANAGER = "safety_manager", _("Safety manager")
    SPECIAL_OPERATIONS = "special_operations", _("Special-operations worker")
    WORKER = "worker", _("Worker")


class CredentialKind(models.TextChoices):
    """What a certificate is for; standardization is the enterprise's own."""

    PRINCIPAL = "principal", _("Principal's safety qualification")
    SAFETY_MANAGER = "safety_manager", _("Safety manager's qualification")
    SPECIAL_OPERATION = "special_operation", _("Special-operations certificate")
    STANDARDIZATION = "standardization", _("Standardization")


class OperationField(models.TextChoices):
    """What a special-operations certificate permits."""

    ELECTRICAL = "electrical", _("Electrical work")
    WELDING = "welding", _("Welding and thermal cutting")
    HEIGHT = "height", _("Work at height")
    REFRIGERATION = "refrigeration", _("Refrigeration and air conditioning")
    HAZCHEM = "hazchem", _("Hazardous chemical processes")
    COAL_GAS = "coal_gas", _("Coal gas in metallurgy")
    MINE = "mine", _("Work in mines")
    FIREWORKS = "fireworks", _("Work with fireworks")
    OTHER = "other", pgettext_lazy("field of work", "Other")


class StandardizationLevel(models.IntegerChoices):
    """Who has assessed it: the ministry, the province, the city."""

    ONE = 1, _("Level 1 (ministry)")
    TWO = 2, _("Level 2 (province)")
    THREE = 3, _("Level 3 (city)")


class CredentialState(models.TextChoices):
    """Whether a certificate is the one that counts."""

    CURRENT = "current", _("In use")
    RENEWED = "renewed", _("Replaced by a newer one")
    ENDED = "ended", _("Put aside: it no longer counts")


class TrainingKind(models.TextChoices):
    """Kinds of training."""

    INDUCTION = "induction", _("Three-level induction")
    ANNUAL = "annual", _("Annual refresher")
    SPECIAL = "special", _("Special topic")
    DRILL = "drill", _("Emergency drill")


class Result(models.TextChoices):
    """How somebody came out of a training. Only who passed has done the hours."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    ABSENT = "absent", _("Absent")


class PointKind(models.TextChoices):
    """What a risk point is."""

    DEVICE = "device", _("Device")
    PROCESS = "process", _("Work process")
    PLACE = "place", pgettext_lazy("kind of risk point", "Place")


class CheckResult(models.TextChoices):
    """What a check of a risk point found."""

    IN_ORDER = "in_order", _("In order")
    FOUND = "found", _("Something is wrong")


#: The only values that the L×E×C method knows: likelihood, exposure, consequence.
LIKELIHOODS = tuple(map(Decimal, ("0.1", "0.2", "0.5", "1", "3", "6", "10")))
EXPOSURES = tuple(map(Decimal, ("0.5", "1", "2", "3", "6", "10")))
CONSEQUENCES = (1, 3, 7, 15, 40, 100)

#: A risk point's measures, in the order in which they protect.
MEASURES = ("engineering", "management", "training", "protection", "emergency")
