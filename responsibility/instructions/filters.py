"""What a list of instructions can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from responsibility.instructions.choices import Source
from responsibility.instructions.models import Instruction, InstructionTask
from safegrid.accounts.models import Post
from safegrid.grid.filters import PlacedFilters, matter_filter
from safegrid.grid.models import Unit
from safegrid.kernel.listing.filters import DayFilter, ReachedFilter, SearchFilter


def _units(user: Any) -> QuerySet[Unit]:
    """Return the units that have a part in what `user` reads."""
    return Unit.objects.filter(pk__in=InstructionTask.objects.visible_to(user).values("unit"))


def _givers(user: Any) -> QuerySet[Post]:
    """Return the posts that gave what `user` reads."""
    return Post.objects.filter(pk__in=Instruction.objects.visible_to(user).values("giver_post"))


class UnitFilter(ReachedFilter):
    """Instructions in which a unit leads or assists."""

    def filter(self, qs: QuerySet[Any], value: Unit | None) -> QuerySet[Any]:
        if value is None:
            return qs
        return qs.filter(pk__in=InstructionTask.objects.filter(unit=value).values("instruction"))


class InstructionFilters(PlacedFilters):
    """The filters of instructions."""

    q = SearchFilter()
    unit = UnitFilter("unit", label=_("Unit"), every=_units)
    giver = ReachedFilter("giver_post", label=_("Given by"), every=_givers)
    source = django_filters.ChoiceFilter(label=_("Where it comes from"), choices=Source.choices)
    matter = matter_filter()
    given_from = DayFilter("given_at", label=_("Given from"))
    given_to = DayFilter("given_at", label=_("Given until"), until=True)
    due_from = DayFilter("awaited_on", label=_("Due from"), holds="day")
    due_to = DayFilter("awaited_on", label=_("Due until"), until=True, holds="day")
