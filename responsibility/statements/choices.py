"""Closed lists of responsibility statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StatementLevel(models.TextChoices):
    """Who promises: to the city, to the district, or to the township."""

    DISTRICT = "district", _("District government")
    MEMBER = "member", _("Member unit")
    TOWNSHIP = "township", _("Township or street")
    ENTERPRISE = "enterprise", _("Enterprise")


class StatementState(models.TextChoices):
    """States of a statement."""

    ISSUED = "issued", _("Not signed")
    HALF = "half", _("Signed by one side")
    IN_FORCE = "in_force", pgettext_lazy("statement", "In force")
    CLOSED = "closed", _("Year over")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Somebody has still to sign.
UNSIGNED = (StatementState.ISSUED, StatementState.HALF)
#: What is scored.
SCORED = (StatementState.IN_FORCE, StatementState.CLOSED)


class Side(models.TextChoices):
    """The two sides of a statement."""

    PROMISER = "promiser", _("Who promises")
    RECEIVER = "receiver", _("Who receives it")


class Scoring(models.TextChoices):
    """How an item of a statement is scored."""

    INDICATOR = "indicator", _("From live figures")
    REVIEWED = "reviewed", _("By a reviewer, with evidence")
    VETO = "veto", _("Veto, apart from points")


class Band(models.TextChoices):
    """What a score amounts to."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    VETOED = "vetoed", _("Vetoed")


TONES = {
    Band.EXCELLENT: "good",
    Band.GOOD: "good",
    Band.PASS: "warn",
    Band.FAIL: "bad",
    Band.VETOED: "bad",
}
