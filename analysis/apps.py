"""The analysis app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysisConfig(AppConfig):
    """The roof plugs into everything below."""

    name = "analysis"
    verbose_name = _("Analysis")

    def ready(self) -> None:
        from analysis import shell  # noqa: F401
