"""What the grid adds to the shell."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.scope import Reach
from safegrid.kernel.shell import MenuItem, menu, officials

GRID = _("Grid")

menu.plug(
    "enterprises",
    MenuItem(_("Enterprises"), "grid:enterprises", "building-factory-2", key="e", group=GRID),
    order=40,
)
menu.plug(
    "districts",
    MenuItem(_("Districts"), "grid:districts", "map-pin", key="d", group=GRID, visible=officials),
    order=42,
)
menu.plug(
    "matters",
    MenuItem(_("Matters"), "grid:matters", "binary-tree-2", group=GRID, visible=officials),
    order=43,
)
menu.plug("units", MenuItem(_("Units"), "grid:units", "sitemap", group=GRID, visible=officials), order=44)
menu.plug("map", MenuItem(_("Map"), "grid:map", "map-2", key="m", group=GRID, visible=officials), order=41)


def citywide(reach: Reach) -> bool:
    """Whoever reads the whole city."""
    return reach.is_citywide


menu.plug(
    "imports",
    MenuItem(_("Imports"), "grid:imports", "file-import", group=GRID, visible=citywide),
    order=45,
)
