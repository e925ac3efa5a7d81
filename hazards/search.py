"""Search finds hazards by number, words, or enterprise."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from safegrid.kernel.findable import found_by
from safegrid.kernel.search import Hit, Provider, providers


def find(user: Any, text: str, limit: int) -> list[Hit]:
    """Return the latest hazards that contain `text`. One query."""
    rows = Hazard.objects.visible_to(user).filter(found_by(text)).select_related("enterprise")
    return [
        Hit(
            f"{row.number} {row.title}",
            f"{row.enterprise.name} · {row.get_state_display()}",
            reverse("hazards:detail", args=[row.number]),
        )
        for row in rows.order_by("-found_at", "-pk")[:limit]
    ]


providers.plug(
    "hazards",
    Provider(
        _("Hazards"), find, lambda text: f"{reverse('hazards:list')}?{urlencode({'tab': 'all', 'q': text})}"
    ),
    order=20,
)
