"""What a list of statements can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.statements.choices import StatementLevel, StatementState
from responsibility.statements.indicators import uncovered
from responsibility.statements.models import Statement
from safegrid.grid.filters import EnterpriseFilter, PlacedFilters, SiteFilters
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.listing.filters import HIDDEN, ReachedFilter


def units_of(user: Any) -> QuerySet[Unit]:
    """Return the units that stand in a statement which `user` reads."""
    seen = Statement.objects.visible_to(user)
    return Unit.objects.filter(
        Q(pk__in=seen.filter(promiser__isnull=False).values("promiser")) | Q(pk__in=seen.values("receiver"))
    ).order_by("pk")


class UnitFilter(ReachedFilter):
    """Statements in which a unit promises or receives."""

    def __init__(self) -> None:
        super().__init__(label=_("Unit"), every=units_of)

    def filter(self, qs: QuerySet[Any], value: Unit | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(Q(promiser=value) | Q(receiver=value))


class StatementFilters(PlacedFilters):
    """The filters of statements."""

    year = django_filters.NumberFilter(label=_("Year"), min_value=2010, max_value=2100)
    level = django_filters.ChoiceFilter(label=_("Who promises"), choices=StatementLevel.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=StatementState.choices)
    unit = UnitFilter()
    enterprise = EnterpriseFilter()


class GapDayFilter(django_filters.DateFilter):
    """The day at whose end a statement's gaps were counted: it narrows `gap_of`, and says nothing alone."""

    def __init__(self) -> None:
        super().__init__(label=_("At the end of"), widget=HIDDEN)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs


class GapFilter(ReachedFilter):
    """Sites for which a statement loses points, as its score links to them; without a day, those of today."""

    def __init__(self) -> None:
        super().__init__(label=_("Not answered for"), every=Statement.objects.visible_to, widget=HIDDEN)

    def filter(self, qs: QuerySet[Any], value: Statement | None) -> QuerySet[Any]:
        if value is None:
            return qs
        day = self.parent.active.get("gap_on") or clock.local_date(self.parent.now)
        return qs.filter(pk__in=uncovered(value, day, now=self.parent.now).values("pk"))


SiteFilters.plug("gap_of", GapFilter())
SiteFilters.plug("gap_on", GapDayFilter())
