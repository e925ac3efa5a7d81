"""What lists of visits and of self-inspections can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from inspections.choices import SelfInspectionState, VisitKind
from safegrid.grid.filters import EnterpriseFilter, IndustryFilter, PlacedFilters, matter_filter
from safegrid.kernel.listing.filters import DayFilter, SearchFilter


class VisitFilters(PlacedFilters):
    """The filters of visits."""

    q = SearchFilter("site__")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=VisitKind.choices)
    matter = matter_filter()
    industry = IndustryFilter("site__industry")
    enterprise = EnterpriseFilter()
    visited_from = DayFilter("visited_at", label=_("Visited from"))
    visited_to = DayFilter("visited_at", label=_("Visited until"), until=True)


class SelfInspectionFilters(PlacedFilters):
    """The filters of self-inspections."""

    q = SearchFilter("site__")
    state = django_filters.ChoiceFilter(label=_("State"), choices=SelfInspectionState.choices)
    industry = IndustryFilter("site__industry")
    enterprise = EnterpriseFilter()
    due_from = DayFilter("due_at", label=_("Due from"), holds="deadline")
    due_to = DayFilter("due_at", label=_("Due until"), until=True, holds="deadline")
