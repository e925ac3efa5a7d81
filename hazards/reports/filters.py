"""What the list of public reports can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from hazards.reports.choices import Finding, ReportState, Via
from safegrid.grid.filters import PlacedFilters, matter_filter
from safegrid.kernel.listing.filters import DayFilter, SearchFilter


class ReportFilters(PlacedFilters):
    """The filters of public reports. None of them is about who reported."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=ReportState.choices)
    finding = django_filters.ChoiceFilter(label=_("Verification"), choices=Finding.choices)
    via = django_filters.ChoiceFilter(label=_("Came in by"), choices=Via.choices)
    matter = matter_filter()
    received_from = DayFilter("received_at", label=_("Received from"))
    received_to = DayFilter("received_at", label=_("Received until"), until=True)
