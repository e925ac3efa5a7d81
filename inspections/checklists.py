"""Which items of a checklist apply to a site."""

from django.db.models import QuerySet

from inspections.models import Checklist, ChecklistItem
from safegrid.grid.models import Site


def applicable(checklist: Checklist, site: Site) -> QuerySet[ChecklistItem]:
    """Return the items that apply: the site has their matter, and every feature they name."""
    return checklist.items.filter(matter__in=site.matter_ids, features__contained_by=site.features).order_by(
        "order"
    )
