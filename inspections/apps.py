"""The inspections app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Inspections plug into what lies below them."""

    name = "inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from inspections import listings, panels, shell  # noqa: F401
        from inspections.models import Answer
        from inspections.services import self_inspections  # noqa: F401
        from safegrid.files.models import carriers

        carriers.plug("answer", Answer)
