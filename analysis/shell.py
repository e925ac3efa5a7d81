"""What the roof adds to the shell: the first page, the dashboard, search."""

from django.utils.translation import gettext_lazy as _

from safegrid.kernel.addresses import address
from safegrid.kernel.shell import MenuItem, everybody, menu, officials, values

menu.plug("my-work", MenuItem(_("My work"), "my_work", "home", key="w", phone=everybody), order=10)
menu.plug(
    "dashboard",
    MenuItem(
        _("Dashboard"),
        "dashboard",
        "chart-bar",
        key="a",
        group=_("Analysis"),
        phone=officials,
        tab=_("Overview"),
        visible=officials,
    ),
    order=70,
)
values.plug("search_url", lambda request: address("search"))
