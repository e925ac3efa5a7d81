"""Closed lists of guidance."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeState(models.TextChoices):
    """States of a notice."""

    RUNNING = "running", pgettext_lazy("notice", "Running")
    COMPLETE = "complete", _("Confirmed by all")
    CLOSED = "closed", _("Closed before all confirmed")
