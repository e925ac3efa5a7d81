"""The letters to a unit, on the unit's page."""

from typing import Any

from django.http import HttpRequest

from responsibility.letters.queries import letters_to, may_send, next_rung
from responsibility.units.sockets import unit_panels
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Unit
from safegrid.kernel import clock


def letters(request: HttpRequest, unit: Unit) -> tuple[str, dict[str, Any]] | None:
    """Return the letters to `unit` that the person reads, and the way to the next one."""
    now = clock.now()
    sends = may_send(acting_post(request), unit)
    found = [
        (letter, letter.days_over(now), letter.is_overdue(now)) for letter in letters_to(unit, request.user)
    ]
    if not found and not sends:
        return None
    expected = next_rung(unit)[0] if sends else None
    values = {"unit": unit, "letters": found, "may_send": sends, "expected": expected}
    return "responsibility/_letters.html", values


unit_panels.plug("letters", letters, order=20)
