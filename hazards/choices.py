"""Closed lists of hazards."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Road(models.TextChoices):
    """The two roads of a hazard: the enterprise's own correction, or an order."""

    SELF = "self", _("Found by the enterprise")
    ORDERED = "ordered", _("Found by an inspection")


class Source(models.TextChoices):
    """Where a hazard was found."""

    SELF_INSPECTION = "self_inspection", _("Self-inspection")
    WORKER = "worker", _("Worker's report")
    INSPECTION = "inspection", _("Inspection")
    PATROL = "patrol", _("Patrol")
    PUBLIC = "public", _("Public report")
    CAMPAIGN = "campaign", _("Campaign")
    ACCIDENT = "accident", _("Accident")
    IMPORT = "import", _("Import")


class State(models.TextChoices):
    """States of a hazard; the ways between them are in hazards.lifecycle."""

    REPORTED = "reported", _("To be graded")
    GRADED = "graded", _("To be ordered")
    RECTIFYING = "rectifying", _("Rectifying")
    TO_CONFIRM = "to_confirm", _("To confirm")
    TO_ACCEPT = "to_accept", _("To accept")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (State.REPORTED, State.GRADED, State.RECTIFYING, State.TO_CONFIRM, State.TO_ACCEPT)


class Grade(models.TextChoices):
    """Grades of hazards."""

    GENERAL = "general", _("General hazard")
    MAJOR = "major", _("Major hazard")


class Category(StrEnum):
    """Codes of the categories that every portal begins with; `hazards.grading.categories` has the tree."""

    FACILITY = "facility"
    FIRE = "fire"
    ELECTRICAL = "electrical"
    GAS = "gas"
    CHEMICAL = "chemical"
    BEHAVIOUR = "behaviour"
    MANAGEMENT = "management"
    ENVIRONMENT = "environment"


class MeasureKind(models.TextChoices):
    """What officials do at once at a site (现场处理措施), and the suspension of work."""

    STOP = "stop", _("Stop work at once")
    CLEAR = "clear", _("Clear people from the danger")
    SEAL = "seal", _("Seal or take out of use")
    SUSPEND = "suspend", _("Suspension of work")


#: What is taken at once and lifted again; work that was suspended resumes only by consent (Art. 65).
AT_ONCE = (MeasureKind.STOP, MeasureKind.CLEAR, MeasureKind.SEAL)


class ExtensionState(models.TextChoices):
    """What became of a request for more time."""

    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    DENIED = "denied", _("Not granted")
    DROPPED = "dropped", _("No longer needed")


class Owed(models.TextChoices):
    """What a hazard asks of somebody by a day: kinds of obligation."""

    DECIDE = "hazard_decide", _("Grade and order")
    PLAN = "hazard_plan", _("Plan for a major hazard")
    RECTIFY = "hazard_rectify", _("Rectification")
    ACCEPT = "hazard_accept", _("Re-inspection")
    CONFIRM = "hazard_confirm", _("Confirmation")
    EXTENSION = "hazard_extension", _("Answer to an extension request")
    TELL = "hazard_tell", _("Report of a major hazard")
    RESUME = "hazard_resume", _("Decision on resuming work")
    CHECK = "hazard_check", _("Spot check")


#: Other wordings of what is owed: a hazard that is graded waits for its order; one was closed too early; an
#: enterprise calls its own one major.
ORDER_LABEL = "hazard_order"
REOPENED_LABEL = "hazard_reopened"
STEP_IN_LABEL = "hazard_step_in"
