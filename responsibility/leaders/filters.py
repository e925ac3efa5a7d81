"""What the list of leading posts can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.leaders.choices import LeaderRole
from responsibility.leaders.models import Leader
from safegrid.grid.filters import PlacedFilters
from safegrid.grid.models import Unit
from safegrid.kernel.listing.filters import ReachedFilter


class NameFilter(django_filters.CharFilter):
    """Leading posts by title or unit; there are some hundreds of them, and no index is needed."""

    def __init__(self) -> None:
        super().__init__("post", label=_("Search"), max_length=80)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        wanted = Q()
        for name in ("post__title", "post__title_en", "unit__name", "unit__name_en"):
            wanted |= Q(**{f"{name}__icontains": value})
        return qs.filter(wanted)


def _units(user: Any) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=Leader.objects.visible_to(user).values("unit")).order_by("pk")


class LeaderFilters(PlacedFilters):
    """The filters of leading posts."""

    name = NameFilter()
    unit = ReachedFilter("unit", label=_("Unit"), every=_units, key="code")
    role = django_filters.ChoiceFilter(label=_("Leads as"), choices=LeaderRole.choices)
