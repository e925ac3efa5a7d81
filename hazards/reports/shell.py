"""The entry of the menu."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.shell import MenuItem, menu, officials

menu.plug(
    "reports", MenuItem(_("Public reports"), "hazards:reports", "message-report", visible=officials), order=21
)
