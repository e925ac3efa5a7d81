"""What a rule can do."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Effect(models.TextChoices):
    """What becomes of what is open."""

    STAYS = "stays", _("stays as it is, with its deadline")
    RESTS = "rests", _("rests, and begins anew when work does")
    ENDS = "ends", _("ends; its rhythm opens nothing more")
