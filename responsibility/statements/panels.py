"""How a unit is scored, on its page."""

from typing import Any

from django.http import HttpRequest

from responsibility.statements.choices import TONES, Band
from responsibility.statements.models import StatementScore
from responsibility.units.heirs import bodies_of
from responsibility.units.sockets import unit_panels
from safegrid.grid.models import Unit

SHOWN = 4  # quarters


def scores(request: HttpRequest, unit: Unit) -> tuple[str, dict[str, Any]] | None:
    """Return the latest quarters of what `unit`, or a body before it, promised, as far as one reads them."""
    rows = StatementScore.objects.visible_to(request.user).counting()
    rows = rows.filter(statement__promiser__in=bodies_of(unit.pk))
    found = list(rows.select_related("statement").order_by("-statement__year", "-quarter", "pk")[:SHOWN])
    if not found:
        return None
    toned = [(score, TONES.get(Band(score.band), "neutral") if score.band else "neutral") for score in found]
    return "responsibility/statements/_unit_scores.html", {"scores": toned}


unit_panels.plug("scores", scores, order=10)
