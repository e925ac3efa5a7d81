"""Closed lists of reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Via(models.TextChoices):
    """How a report came in."""

    WEB = "web", _("Public form")
    GATE = "gate", _("QR at a gate")
    PHONE = "phone", _("Telephone")


class CodeKind(models.TextChoices):
    """Where a code hangs, and to whom it leads."""

    GATE = "gate", _("At the gate: to officials")
    WORKER = "worker", _("Inside: to the enterprise's own people")


class ReportState(models.TextChoices):
    """States of a public report; the ways between them are in hazards.reports.lifecycle."""

    RECEIVED = "received", pgettext_lazy("report", "Received")
    ACCEPTED = "accepted", pgettext_lazy("report", "To be verified")
    VERIFIED = "verified", pgettext_lazy("report", "Verified, to be answered")
    ANSWERED = "answered", pgettext_lazy("report", "Answered")
    REJECTED = "rejected", pgettext_lazy("report", "Not followed up")


OPEN = (ReportState.RECEIVED, ReportState.ACCEPTED, ReportState.VERIFIED)


class Finding(models.TextChoices):
    """What the verification of a report came to."""

    RAISED = "raised", _("A hazard was registered")
    JOINED = "joined", _("Known already as a hazard")
    UNFOUNDED = "unfounded", _("Nothing of it was found")


class Contact(models.TextChoices):
    """Whether who reported can be reached."""

    NONE = "none", _("Not given")
    GIVEN = "given", _("Given, sealed")
    ERASED = "erased", _("Erased")


class Owed(models.TextChoices):
    """What a report asks of somebody by a day: kinds of obligation."""

    TRIAGE = "report_triage", _("Take up a public report")
    VERIFY = "report_verify", _("Verify a public report")
    FEEDBACK = "report_feedback", _("Answer who reported")
    WORKER = "report_worker", _("Answer a worker's report")
