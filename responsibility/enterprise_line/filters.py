"""What the list of certificates can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.enterprise_line.choices import CredentialKind, CredentialState, StaffRole
from safegrid.grid.choices import Level
from safegrid.grid.filters import EnterpriseFilter, PlaceFilter
from safegrid.grid.models import Site
from safegrid.kernel.listing.filters import DayFilter, ListingFilterSet, SearchFilter


class SitePlaceFilter(PlaceFilter):
    """Rows of enterprises that have a site in a place, among the sites that the reader reaches."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        sites = Site.objects.visible_to(self.parent.request.user).filter(
            enterprise=OuterRef("enterprise"), **{self.field_name: value}
        )
        return qs.filter(Exists(sites))


class CredentialFilters(ListingFilterSet):
    """The filters of certificates."""

    q = SearchFilter("enterprise__")
    district = SitePlaceFilter(Level.DISTRICT)
    township = SitePlaceFilter(Level.TOWNSHIP)
    community = SitePlaceFilter(Level.COMMUNITY, hidden=True)
    cell = SitePlaceFilter(Level.CELL, hidden=True)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CredentialKind.choices)
    role = django_filters.ChoiceFilter("holder__role", label=_("Role"), choices=StaffRole.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=CredentialState.choices)
    enterprise = EnterpriseFilter()
    due_from = DayFilter("due_on", label=_("Due from"), holds="day")
    due_to = DayFilter("due_on", label=_("Due until"), until=True, holds="day")
