"""Search finds hazards by number, words, or enterprise."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hazards.choices import State
from hazards.models import Hazard
from safegrid.kernel.addresses import address, addresses
from safegrid.kernel.findable import found_by
from safegrid.kernel.names import choose
from safegrid.kernel.search import Hit, Provider, providers


def find(user: Any, text: str, limit: int) -> list[Hit]:
    """Return the latest hazards that contain `text`. One query."""
    rows = Hazard.objects.visible_to(user).filter(found_by(text)).order_by("-found_at", "-pk")
    found = list(
        rows.values_list("number", "title", "state", "enterprise__name", "enterprise__name_en")[:limit]
    )
    pages = addresses("hazards:detail", [row[0] for row in found])
    return [
        Hit(f"{number} {title}", f"{choose(name, name_en)} · {State(state).label}", url)
        for url, (number, title, state, name, name_en) in zip(pages, found, strict=True)
    ]


providers.plug(
    "hazards",
    Provider(
        _("Hazards"), find, lambda text: f"{address('hazards:list')}?{urlencode({'tab': 'all', 'q': text})}"
    ),
    order=20,
)
