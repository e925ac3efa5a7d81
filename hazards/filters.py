"""What a list of hazards can be narrowed by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hazards.choices import Grade, Road, State
from hazards.grading import categories
from hazards.statements import not_rectified_on_time
from safegrid.grid.filters import (
    BecameFilter,
    EnterpriseFilter,
    GovernedFilter,
    ImportedFilter,
    IndustryFilter,
    PlacedFilters,
    matter_filter,
)
from safegrid.kernel.listing.filters import BoxFilter, DayFilter, SearchFilter, SubtreeFilter


class OnTimeFilter(django_filters.ChoiceFilter):
    """Hazards that were not rectified by their day, as the score of a statement counts them."""

    def __init__(self) -> None:
        super().__init__(label=_("Rectified on time"), choices=[("no", _("No"))])

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(not_rectified_on_time(self.parent.now)) if value else qs


class RecurringFilter(django_filters.ChoiceFilter):
    """Hazards that came again within the time that policy names."""

    def __init__(self) -> None:
        super().__init__(label=_("Recurring"), choices=[("yes", _("Yes"))])

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(recurs__isnull=False) if value else qs


class CategoryFilter(SubtreeFilter):
    """Hazards of a category; one takes in those below it. Read when it is asked for or offered."""

    def __init__(self) -> None:
        super().__init__(
            "category",
            label=_("Category"),
            every=lambda user: categories.tree(),
            one=lambda user, code: categories.find(code),
            key="code",
        )


class HazardFilters(PlacedFilters):
    """The filters of hazards."""

    q = SearchFilter()
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)
    grade = django_filters.ChoiceFilter(label=_("Grade"), choices=Grade.choices)
    road = django_filters.ChoiceFilter(label=_("Found by whom"), choices=Road.choices)
    category = CategoryFilter()
    matter = matter_filter()
    industry = IndustryFilter()
    enterprise = EnterpriseFilter()
    found_from = DayFilter("found_at", label=_("Found from"))
    found_to = DayFilter("found_at", label=_("Found until"), until=True)
    closed_from = DayFilter("closed_at", label=_("Closed from"))
    closed_to = DayFilter("closed_at", label=_("Closed until"), until=True)
    due_from = DayFilter("due_on", label=_("Due from"), holds="day")
    due_to = DayFilter("due_on", label=_("Due until"), until=True, holds="day")
    on_time = OnTimeFilter()
    recurring = RecurringFilter()
    governed_by = GovernedFilter()
    became = BecameFilter()
    locals()["import"] = ImportedFilter()  # a word of the language: no name of an attribute
    box = BoxFilter("site__longitude", "site__latitude")
