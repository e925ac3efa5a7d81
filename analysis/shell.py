"""What the roof adds to the shell: the first page, the dashboard, search."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.kernel.shell import MenuItem, everybody, menu, officials, values

menu.plug("home", MenuItem(_("My work"), "home", "home", key="w", phone=everybody), order=10)
menu.plug(
    "analysis",
    MenuItem(_("Dashboard"), "dashboard", "chart-bar", key="d", group=_("Analysis"), visible=officials),
    order=70,
)
values.plug("search_url", lambda request: reverse("search"))
