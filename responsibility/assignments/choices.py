"""Lines and tiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Line(models.TextChoices):
    """The supervision lines (Work Safety Law, Art. 3, 5, 9–10)."""

    TERRITORIAL = "territorial", _("Territorial line")
    INDUSTRY = "industry", _("Industry line")
    COMPREHENSIVE = "comprehensive", _("Comprehensive line")
    ENTERPRISE = "enterprise", _("Enterprise line")


class Tier(models.TextChoices):
    """Layers of one line: who leads, who supervises, who is directly responsible."""

    LEAD = "lead", _("Lead")
    SUPERVISOR = "supervisor", _("Supervisor")
    DIRECT = "direct", _("Directly responsible")
