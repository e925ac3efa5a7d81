"""What a list of findings can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line
from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.rules import rules
from safegrid.grid.filters import GovernedFilter, PlacedFilters, matter_filter


class FindingFilters(PlacedFilters):
    """The filters of findings."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    rule = django_filters.ChoiceFilter(
        label=_("What is wrong"), choices=lambda: [(rule.code, rule.title) for rule in rules]
    )
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices)
    line = django_filters.ChoiceFilter(label=_("Line"), choices=Line.choices)
    matter = matter_filter()
    governed_by = GovernedFilter()
