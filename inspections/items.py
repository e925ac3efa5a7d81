"""The items of checklists that a hazard entered by hand can be one of."""

from itertools import groupby

from hazards.entering.items import Group, Items, items
from inspections.models import ChecklistItem
from inspections.reference import INSPECTION, SELF_MONTHLY
from safegrid.grid.models import Site


def at(site: Site, own: bool) -> list[Group]:
    """Return the items that apply to `site`, matter by matter. One query."""
    rows = (
        ChecklistItem.objects.filter(
            checklist__code=SELF_MONTHLY if own else INSPECTION,
            matter__in=site.matter_ids,
            features__contained_by=site.features,
        )
        .select_related("matter")
        .order_by("matter__path", "order")
    )
    return [
        (matter.label, [(row.code, row.label) for row in group])
        for matter, group in groupby(rows, key=lambda row: row.matter)
    ]


items.plug("checklists", Items(at))
