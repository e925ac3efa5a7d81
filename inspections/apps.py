"""The inspections app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionsConfig(AppConfig):
    """Inspections plug into what lies below them."""

    name = "inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from inspections import items, led, ledger, listings, monthly, panels, penalties, shell  # noqa: F401
        from inspections.models import Answer, SelfInspection, Visit
        from inspections.services import self_inspections  # noqa: F401
        from safegrid.files.models import carriers
        from safegrid.grid.sockets import Merged, merged_rows, placed_rows

        carriers.plug("answer", Answer)
        placed_rows.plug("self-inspection", SelfInspection)
        placed_rows.plug("visit", Visit)
        # A period is inspected once at a site: of two records of it each keeps its own.
        merged_rows.plug(
            "self-inspections", Merged(SelfInspection, ("enterprise",), "site", twins=False), order=55
        )
        merged_rows.plug("visits", Merged(Visit, ("enterprise",), "site"), order=56)
