"""What penalties add to the monthly table: cases, and fines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from hazards.penalties.choices import PenaltyKind
from hazards.penalties.models import Penalty
from hazards.tables.sockets import Asked, Figure, Number, figures
from safegrid.grid.counts import Narrowing

TEN_THOUSAND = Decimal(10_000)  # fines are reported in 万元


def _decided(asked: Asked, what: Any, **only: Any) -> Mapping[int | None, Any]:
    """Return something of the penalties that stand and were decided in the days. One query."""
    narrowing = asked.narrowing
    rows = (
        Penalty.objects.visible_to(asked.user)
        .standing()
        .filter(
            Narrowing(narrowing.place, narrowing.matter).q(),
            decided_on__range=(asked.first, asked.last),
            **only,
        )
    )
    if (industry := narrowing.industry) is not None:
        rows = rows.filter(site__industry__in=[industry.pk, *industry.divisions.values_list("pk", flat=True)])
    groups = rows.order_by().annotate(group=asked.group("site__industry")).values_list("group")
    return dict(groups.annotate(what=what))


def cases(asked: Asked) -> Mapping[int | None, Number]:
    """Return the decisions, each once, however many kinds of penalty stand in it."""
    return _decided(asked, Count("document", distinct=True))


def fines(asked: Asked) -> Mapping[int | None, Number]:
    """Return how many fines."""
    return _decided(asked, Count("pk"), kind=PenaltyKind.FINE)


def fined(asked: Asked) -> Mapping[int | None, Number]:
    """Return the fines in 10,000 yuan."""
    sums = _decided(asked, Sum("amount"), kind=PenaltyKind.FINE)
    return {group: amount / TEN_THOUSAND for group, amount in sums.items()}


figures.plug("cases", Figure(_("Cases"), cases), order=80)
figures.plug("fines", Figure(_("Fines"), fines), order=81)
figures.plug("fined", Figure(_("Fines, 10,000 yuan"), fined, width=12), order=82)
