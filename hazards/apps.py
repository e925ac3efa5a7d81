"""The hazards app."""

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HazardsConfig(AppConfig):
    """Hazards plug into what lies below them."""

    name = "hazards"
    verbose_name = _("Hazards")

    def ready(self) -> None:
        from hazards import (  # noqa: F401
            counts,
            layers,
            listing,
            obligations,
            panels,
            risk_checks,
            search,
            shell,
            statements,
            transfers,
            two_orders,
        )
        from hazards.grading import importing  # noqa: F401
        from hazards.grading.defaults import load as load_grading
        from hazards.ledger import kind  # noqa: F401
        from hazards.listed import kinds, tables  # noqa: F401
        from hazards.listed.choices import OPEN
        from hazards.listed.defaults import load as load_listing
        from hazards.listed.models import ListedSupervision, ProgressReport
        from hazards.models import IS_OPEN, Hazard
        from hazards.papers import layouts  # noqa: F401
        from hazards.papers.models import HazardPaper
        from hazards.penalties import plugs as of_penalties  # noqa: F401
        from hazards.reports import plugs  # noqa: F401
        from hazards.sharing import share_late
        from hazards.tables import known  # noqa: F401
        from responsibility.alerts.sweep import preludes
        from responsibility.documents.models import subjects
        from responsibility.policies import more_policies
        from safegrid.files.models import carriers
        from safegrid.grid.sockets import Merged, OfUnit, merged_rows, placed_rows, unit_rows

        unit_rows.plug("hazards", OfUnit(Hazard, "ordering_unit", "ordered_by", IS_OPEN))
        unit_rows.plug("listings", OfUnit(ListedSupervision, post="post", only=Q(state__in=OPEN)))
        carriers.plug("hazard", Hazard)
        carriers.plug("progress report", ProgressReport)
        subjects.plug("hazard paper", HazardPaper)
        placed_rows.plug("hazard", Hazard)
        merged_rows.plug("hazards", Merged(Hazard, ("enterprise",), "site"), order=50)
        more_policies.plug("grading", load_grading)
        more_policies.plug("listed supervision", load_listing)
        preludes.plug("hazards that are late", share_late)
