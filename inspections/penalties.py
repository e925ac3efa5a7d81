"""Which visit a penalty comes from: its number beside what was decided, and the way back to it."""

from typing import Any

from django.urls import reverse

from hazards.models import Hazard
from hazards.penalties.sockets import Visits, visits
from inspections.models import Visit


def _number_for(hazard: Hazard, user: Any) -> str:
    """Return the number of the visit that found `hazard`, when `user` sees it. One query."""
    seen = Visit.objects.visible_to(user).filter(items__hazard=hazard).order_by("pk")
    return seen.values_list("number", flat=True).first() or ""


def _url_of(number: str, user: Any) -> str:
    """Return the address of the visit, when `user` sees it. One query."""
    seen = Visit.objects.visible_to(user).filter(number=number)
    return reverse("inspections:visit_detail", args=[number]) if seen.exists() else ""


visits.plug("visits", Visits(_number_for, _url_of))
