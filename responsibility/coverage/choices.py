"""Closed lists of the coverage audit."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a finding is about: supervision leaks, or repeats."""

    GAP = "gap", _("Gap")
    OVERLAP = "overlap", _("Overlap")


class FindingState(models.TextChoices):
    """States of a finding. What is mended closes itself; only a person dismisses."""

    OPEN = "open", _("To be resolved")
    DISMISSED = "dismissed", _("Dismissed")
    MENDED = "mended", _("Mended")


class Severity(models.TextChoices):
    """How bad it is, the worst first."""

    HIGH = "high", _("Serious")
    MEDIUM = "medium", pgettext_lazy("severity", "Medium")
    LOW = "low", _("Slight")


class Whose(StrEnum):
    """Who must resolve what a rule finds, where it can be told from the finding."""

    PLACE = "place"  # the government of the lowest place that has one, or the head of the post's unit
    DISTRICT = "district"  # the district's government: what is given there reaches beyond a township
    POST = "post"  # the post itself that the finding names, else the head of its unit
    OFFICE = "office"  # the committee's office
