"""The hazards app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    """See the package's docstring."""

    name = "hazards"
    verbose_name = _("Hazards")
