"""What a list of hazards can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from hazards.choices import Category, Grade, Road, State
from safegrid.grid.filters import EnterpriseFilter, IndustryFilter, PlacedFilters, matter_filter
from safegrid.kernel.listing.filters import BoxFilter, DayFilter, SearchFilter


class HazardFilters(PlacedFilters):
    """The filters of hazards."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=Grade.choices)
    road = django_filters.ChoiceFilter(label=_("Found by whom"), choices=Road.choices)
    category = django_filters.ChoiceFilter(label=_("Category"), choices=Category.choices)
    matter = matter_filter()
    industry = IndustryFilter()
    enterprise = EnterpriseFilter()
    found_from = DayFilter("found_at", label=_("Found from"))
    found_to = DayFilter("found_at", label=_("Found until"), until=True)
    closed_from = DayFilter("closed_at", label=_("Closed from"))
    closed_to = DayFilter("closed_at", label=_("Closed until"), until=True)
    due_from = DayFilter("due_on", label=_("Due from"), holds="day")
    due_to = DayFilter("due_on", label=_("Due until"), until=True, holds="day")
    box = BoxFilter("site__longitude", "site__latitude")
