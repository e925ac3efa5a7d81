"""Hours of training that people owe and have done in a calendar year (Work Safety Law, Art. 27–28).

In the calendar year in which somebody joins they owe the first hours of their role; in every later one the
yearly hours. Whether the enterprise is a high-risk one, and what the policy is, goes by the last day of the
year, or by today while it runs. Only what somebody passed, since they joined, counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from responsibility.enterprise_line.choices import Result, TrainingKind
from responsibility.enterprise_line.models import HighRiskMatter, Participation, Staff, TrainingPolicy
from safegrid.grid.models import Enterprise, SiteMatter

HOURS = DecimalField(max_digits=6, decimal_places=1)
NONE = Value(0, output_field=HOURS)


def judged_on(year: int, today: dt.date) -> dt.date:
    """Return the day by which `year` is judged: its last, or `today` while it runs."""
    return min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))


def high_risk(on: dt.date, *, enterprise: Enterprise | None = None) -> QuerySet[SiteMatter, Any]:
    """Return the ids of the enterprises that have a high-risk matter on the local day `on`."""
    path = ExpressionWrapper(OuterRef("matter__path"), output_field=CharField())
    above = HighRiskMatter.objects.filter(since__lte=on).annotate(path=path)
    rows = SiteMatter.objects.filter(
        Exists(above.filter(path__startswith=F("matter__path"))), span__contains=on
    )
    if enterprise is not None:
        rows = rows.filter(site__enterprise=enterprise)
    return rows.values("site__enterprise")


def with_hours(
    rows: QuerySet[Staff], *, year: int, today: dt.date, enterprise: Enterprise | None = None
) -> QuerySet[Any]:
    """Return people with `is_first`, `owed`, `done` and `missing` hours of `year`.

    Give `enterprise` when all are of that one. Who was not there in the year, owes nothing.
    """
    on = judged_on(year, today)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    policies = TrainingPolicy.objects.filter(
        role=OuterRef("role"), is_high_risk=OuterRef("is_high"), since__lte=on
    ).order_by("-since")
    done = (
        Participation.objects.filter(
            staff=OuterRef("pk"), result=Result.PASSED, training__held_on__range=(first, last)
        )
        .filter(training__held_on__gte=OuterRef("joined_on"))
        .order_by()
        .values("staff")
        .annotate(n=Sum("training__hours"))
        .values("n")
    )
    return (
        rows.annotate(
            is_high=Case(
                When(enterprise__in=high_risk(on, enterprise=enterprise), then=Value(True)),
                default=Value(False),
            ),
            is_first=Case(When(joined_on__gte=first, then=Value(True)), default=Value(False)),
        )
        .annotate(
            owed=Case(
                When(joined_on__gt=last, then=NONE),
                When(left_on__lte=first, then=NONE),
                When(is_first=True, then=_hours_of(policies, "first_hours")),
                default=_hours_of(policies, "yearly_hours"),
                output_field=HOURS,
            ),
            done=Coalesce(Subquery(done, output_field=HOURS), NONE),
        )
        .annotate(missing=Greatest(ExpressionWrapper(F("owed") - F("done"), output_field=HOURS), NONE))
    )


def _hours_of(policies: QuerySet[TrainingPolicy], field: str) -> Coalesce:
    """Return the figure of the policy in force, none where there is no policy."""
    return Coalesce(Cast(Subquery(policies.values(field)[:1]), HOURS), NONE)


def by_kind(people: Sequence[Staff], *, year: int) -> dict[int, list[tuple[Any, Any]]]:
    """Return for each of `people` the hours passed in `year`, as (kind in words, hours). One query."""
    rows = Participation.objects.filter(
        staff__in=[each.pk for each in people],
        result=Result.PASSED,
        training__held_on__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        training__held_on__gte=F("staff__joined_on"),
    )
    found: dict[int, dict[str, Any]] = {}
    for person, kind, hours in (
        rows.order_by().values_list("staff", "training__kind").annotate(Sum("training__hours"))
    ):
        found.setdefault(person, {})[kind] = hours
    return {
        person: [(label, hours[kind]) for kind, label in TrainingKind.choices if kind in hours]
        for person, hours in found.items()
    }
