"""The inspections app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Inspections plug into what lies below them."""

    name = "inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from inspections import led, listings, monthly, panels, shell  # noqa: F401
        from inspections.models import Answer, SelfInspection, Visit
        from inspections.services import self_inspections  # noqa: F401
        from safegrid.files.models import carriers
        from safegrid.grid.sockets import placed_rows

        carriers.plug("answer", Answer)
        placed_rows.plug("self-inspection", SelfInspection)
        placed_rows.plug("visit", Visit)
