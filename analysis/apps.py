"""The analysis app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    """See the package's docstring."""

    name = "analysis"
    verbose_name = _("Analysis")
