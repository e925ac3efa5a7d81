"""The page of a unit."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from responsibility.letters.queries import letters_to, may_send, next_rung
from responsibility.units.queries import members
from safegrid.accounts.middleware import acting_post
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.scope import reach_of


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a unit governs, who is in it, what they answer for and what is open."""
    if not reach_of(request.user).is_official:
        raise PermissionDenied
    row = get_object_or_404(Unit.objects.select_related("district").prefetch_related("governs"), pk=pk)
    now = clock.now()
    people = members(row, now=now)
    sends = may_send(acting_post(request), row)
    context = {
        "unit": row,
        "members": people,
        "open": sum(each.open for each in people),
        "overdue": sum(each.overdue for each in people),
        "vacant": sum(each.holder is None for each in people),
        "letters": [
            (letter, letter.days_over(now), letter.is_overdue(now))
            for letter in letters_to(row, request.user)
        ],
        "may_send": sends,
        "expected": next_rung(row)[0] if sends else None,
    }
    return render(request, "responsibility/unit.html", context)
