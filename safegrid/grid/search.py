"""Search finds enterprises by name, credit code, or address, through the sites a person may see."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from safegrid.grid.models import Site
from safegrid.kernel.findable import found_by
from safegrid.kernel.names import choose
from safegrid.kernel.search import Hit, Provider, providers


def find(user: Any, text: str, limit: int) -> list[Hit]:
    """Return sites whose name, enterprise, credit code or address contains `text`. One query."""
    rows = Site.objects.visible_to(user).filter(found_by(text)).select_related("enterprise")
    return [
        Hit(
            choose(row.enterprise.name, row.enterprise.name_en),
            " · ".join(filter(None, [_other_name(row), row.enterprise.uscc, row.address])),
            reverse("grid:enterprise", args=[row.enterprise_id]),
        )
        for row in rows.order_by("name", "pk")[:limit]
    ]


def _other_name(site: Site) -> str:
    """Return the site's name where it tells more than the enterprise's."""
    return site.name if site.name != site.enterprise.name else ""


providers.plug(
    "enterprises",
    Provider(_("Enterprises"), find, lambda text: f"{reverse('grid:enterprises')}?{urlencode({'q': text})}"),
    order=10,
)
