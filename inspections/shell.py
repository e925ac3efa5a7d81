"""What inspections add to the shell."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.shell import MenuItem, enterprises, menu, officials

INSPECTIONS = _("Inspections")

menu.plug(
    "visits",
    MenuItem(
        _("Visits"), "inspections:visits", "clipboard-check", key="v", group=INSPECTIONS, phone=officials
    ),
    order=30,
)
menu.plug(
    "self-inspections",
    MenuItem(
        _("Self-inspections"),
        "inspections:self",
        "checklist",
        key="s",
        group=INSPECTIONS,
        phone=enterprises,
        tab=_("Self-check"),
    ),
    order=31,
)
menu.plug(
    "checklists",
    MenuItem(_("Checklists"), "inspections:checklists", "list-details", group=INSPECTIONS),
    order=32,
)
