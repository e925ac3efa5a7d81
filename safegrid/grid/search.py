"""Search finds enterprises by name, credit code, or address, through the sites a person may see."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from safegrid.grid.models import Site
from safegrid.kernel.addresses import address as of_page
from safegrid.kernel.addresses import addresses
from safegrid.kernel.findable import found_by
from safegrid.kernel.names import choose
from safegrid.kernel.search import Hit, Provider, providers

ENTERPRISE = ("enterprise__name", "enterprise__name_en", "enterprise__uscc")


def find(user: Any, text: str, limit: int) -> list[Hit]:
    """Return sites whose name, enterprise, credit code or address contains `text`. One query."""
    rows = Site.objects.visible_to(user).filter(found_by(text)).order_by("name", "pk")
    found = list(rows.values_list("enterprise_id", "name", "address", *ENTERPRISE)[:limit])
    pages = addresses("grid:enterprise", [row[0] for row in found])
    return [
        # The site's name is said where it tells more than the enterprise's.
        Hit(
            choose(name, name_en),
            " · ".join(filter(None, [site if site != name else "", uscc, address])),
            url,
        )
        for url, (_pk, site, address, name, name_en, uscc) in zip(pages, found, strict=True)
    ]


providers.plug(
    "enterprises",
    Provider(_("Enterprises"), find, lambda text: f"{of_page('grid:enterprises')}?{urlencode({'q': text})}"),
    order=10,
)
