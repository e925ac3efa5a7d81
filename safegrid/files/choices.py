"""Closed lists of evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileState(models.TextChoices):
    """What has become of an uploaded file."""

    WAITING = "waiting", _("Being prepared")
    READY = "ready", _("Ready")
    UNREADABLE = "unreadable", _("Could not be read")


class Origin(models.TextChoices):
    """Where a photo came from; one from the album is marked so."""

    CAMERA = "camera", _("Camera")
    ALBUM = "album", _("Album")


class Role(models.TextChoices):
    """What a file shows of its subject."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    OTHER = "other", _("Other evidence")
