"""The entries of the menu: for officials, and for enterprises."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.shell import MenuItem, enterprises, menu, officials

menu.plug(
    "reports", MenuItem(_("Public reports"), "hazards:reports", "message-report", visible=officials), order=21
)
menu.plug(
    "workers",
    MenuItem(_("Workers' reports"), "hazards:workers", "message-report", visible=enterprises),
    order=22,
)
