"""What a list of penalties can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from hazards.penalties.choices import PenaltyKind
from safegrid.grid.filters import EnterpriseFilter, PlacedFilters, matter_filter
from safegrid.kernel.listing.filters import DayFilter, SearchFilter


class PenaltyFilters(PlacedFilters):
    """The filters of penalties."""

    q = SearchFilter("site__")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=PenaltyKind.choices)
    matter = matter_filter()
    enterprise = EnterpriseFilter()
    decided_from = DayFilter("decided_on", label=_("Decided from"), holds="day")
    decided_to = DayFilter("decided_on", label=_("Decided until"), until=True, holds="day")
