"""What the roof adds to the shell: the first page, the dashboard, search."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.addresses import address
from safegrid.kernel.shell import MenuItem, everybody, menu, officials, values

menu.plug("home", MenuItem(_("My work"), "home", "home", key="w", phone=everybody), order=10)
menu.plug(
    "analysis",
    MenuItem(_("Dashboard"), "dashboard", "chart-bar", key="d", group=_("Analysis"), visible=officials),
    order=70,
)
values.plug("search_url", lambda request: address("search"))
