"""Which form a hazard was entered with, so that one sent twice is entered once."""

from django.db import models


class EnteredHazard(models.Model):
    """The form that a hazard was entered with."""

    token = models.UUIDField(primary_key=True)
    hazard = models.OneToOneField("hazards.Hazard", models.CASCADE, related_name="+")
