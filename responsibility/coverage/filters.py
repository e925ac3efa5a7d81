"""What a list of findings can be narrowed by, and the list of sites by a finding."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line
from responsibility.coverage.choices import Kind, Severity
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from safegrid.grid.choices import Level
from safegrid.grid.filters import GovernedFilter, PlacedFilters, PlaceFilter, SiteFilters, matter_filter
from safegrid.kernel.listing.filters import HIDDEN, ReachedFilter, SubtreeFilter


class TouchedMatterFilter(SubtreeFilter):
    """Findings that touch a matter or one below it, if only at some of their sites."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.about(value.inside)  # type: ignore[attr-defined]


class TouchedPlaceFilter(PlaceFilter):
    """Findings in a place, those of several too of which a site stands there."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.standing_in(self.field_name, value.pk)  # type: ignore[attr-defined]


class FindingFilters(PlacedFilters):
    """The filters of findings."""

    district = TouchedPlaceFilter(Level.DISTRICT)
    township = TouchedPlaceFilter(Level.TOWNSHIP)
    community = TouchedPlaceFilter(Level.COMMUNITY, hidden=True)
    cell = TouchedPlaceFilter(Level.CELL, hidden=True)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices)
    rule = django_filters.ChoiceFilter(
        label=_("What is wrong"), choices=lambda: [(rule.code, rule.title) for rule in rules]
    )
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices)
    line = django_filters.ChoiceFilter(label=_("Line"), choices=Line.choices)
    matter = matter_filter(TouchedMatterFilter)
    governed_by = GovernedFilter()


class FindingFilter(ReachedFilter):
    """Sites that a finding is about, as its page links to them."""

    def __init__(self) -> None:
        super().__init__(label=_("Coverage finding"), every=Finding.objects.visible_to, widget=HIDDEN)

    def filter(self, qs: QuerySet[Any], value: Finding | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(pk__in=value.touched.still().values("site"))


SiteFilters.plug("finding", FindingFilter())
