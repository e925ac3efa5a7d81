"""The inspections app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """See the package's docstring."""

    name = "inspections"
    verbose_name = _("Inspections")
