"""Filters by place, matter and industry, which lists of upper floors share, and those of sites."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import EnterpriseStatus, Level, Outcome, RiskGrade
from safegrid.grid.models import Enterprise, ImportJob, Unit
from safegrid.grid.queries import (
    industries_reached,
    industry_reached,
    matter_reached,
    matters_governed,
    matters_reached,
    place_reached,
    places_reached,
)
from safegrid.kernel.listing.filters import (
    HIDDEN,
    BoxFilter,
    ListingFilterSet,
    ReachedFilter,
    SearchFilter,
    SubtreeFilter,
)


class PlaceFilter(ReachedFilter):
    """Rows that stand in a place of one level, named by its code."""

    def __init__(self, level: str, *, hidden: bool = False) -> None:
        extra: dict[str, Any] = {"widget": HIDDEN} if hidden else {}
        super().__init__(
            level,
            label=Level(level).label,
            every=lambda user: places_reached(user, level),
            one=lambda user, code: place_reached(user, code, level),
            key="code",
            **extra,
        )


class IndustryFilter(SubtreeFilter):
    """Rows of an industry; a section takes in its divisions."""

    def __init__(self, field_name: str = "industry") -> None:
        super().__init__(
            field_name, label=_("Industry"), every=industries_reached, one=industry_reached, key="code"
        )


class PlacedFilters(ListingFilterSet):
    """The filters of whatever carries a place: from the district tree, down to a cell."""

    district = PlaceFilter(Level.DISTRICT)
    township = PlaceFilter(Level.TOWNSHIP)
    community = PlaceFilter(Level.COMMUNITY, hidden=True)
    cell = PlaceFilter(Level.CELL, hidden=True)


class EnterpriseFilter(ReachedFilter):
    """Rows of one enterprise, as its own page links to them."""

    def __init__(self) -> None:
        super().__init__(
            "enterprise",
            label=_("Enterprise"),
            every=Enterprise.objects.visible_to,
            widget=HIDDEN,
        )


class GovernedFilter(ReachedFilter):
    """Rows of the matters that a unit governs, as the unit's statement links to them."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Governed by"), every=lambda user: Unit.objects.order_by("pk"), widget=HIDDEN
        )

    def filter(self, qs: QuerySet[Any], value: Unit | None) -> QuerySet[Any]:
        return qs if value is None else qs.filter(matter__in=matters_governed(value))


class BecameFilter(django_filters.ChoiceFilter):
    """What became of a row: it narrows `imported`, and says nothing alone."""

    def __init__(self) -> None:
        kept = [(o.value, o.label) for o in Outcome if o != Outcome.REJECTED]
        super().__init__(label=_("What became of it"), choices=kept, widget=HIDDEN)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs


class ImportedFilter(ReachedFilter):
    """Rows that an import has read and not rejected, as its result links to them."""

    def __init__(self) -> None:
        super().__init__(label=_("Import"), every=ImportJob.objects.visible_to, widget=HIDDEN)

    def filter(self, qs: QuerySet[Any], value: ImportJob | None) -> QuerySet[Any]:
        if value is None:
            return qs
        rows = value.rows.exclude(outcome=Outcome.REJECTED)
        if became := self.parent.active.get("became"):
            rows = rows.filter(outcome=became)
        return qs.filter(pk__in=rows.values("object_id"))


class SiteMatterFilter(SubtreeFilter):
    """Sites that have a matter or one below it: the array on the site holds ancestors too."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(matter_ids__contains=[value.pk])


def matter_filter(kind: type[SubtreeFilter] = SubtreeFilter) -> SubtreeFilter:
    """Return the filter by matter, offering what the reader's posts reach."""
    return kind("matter", label=_("Matter"), every=matters_reached, one=matter_reached, key="code")


class SiteFilters(PlacedFilters):
    """The filters of enterprises with their sites."""

    q = SearchFilter()
    matter = matter_filter(SiteMatterFilter)
    industry = IndustryFilter()
    risk = django_filters.ChoiceFilter(label=_("Risk"), choices=RiskGrade.choices)
    status = django_filters.ChoiceFilter(label=_("Status"), choices=EnterpriseStatus.choices)
    box = BoxFilter("longitude", "latitude")
    imported = ImportedFilter()
    became = BecameFilter()
