"""Hours of training that people owe and have done in a calendar year (Work Safety Law, Art. 27–28).

In the calendar year in which somebody joins they owe the first hours of their role; in every later one the
yearly hours. Whether the enterprise is a high-risk one, and what the policy is, goes by the last day of the
year, or by today while it runs. Only what somebody passed, since they joined, counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from responsibility.enterprise_line.choices import Result, TrainingKind
from responsibility.enterprise_line.models import HighRiskMatter, Participation, Staff, TrainingPolicy
from safegrid.grid.models import Enterprise, Matter, SiteMatter

HOURS = DecimalField(max_digits=6, decimal_places=1)
NONE = Value(0, output_field=HOURS)


def judged_on(year: int, today: dt.date) -> dt.date:
    """Return the day by which `year` is judged: its last, or `today` while it runs."""
    return min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))


def high_risk(on: dt.date, *, enterprise: Enterprise | None = None) -> QuerySet[SiteMatter, Any]:
    """Return the ids of the enterprises that have a high-risk matter on the local day `on`. One query now."""
    above = HighRiskMatter.objects.filter(since__lte=on).values_list("matter__path", flat=True)
    inside = reduce(or_, (Q(path__startswith=path) for path in above), Q(pk__in=[]))
    # Ids, and no join: nobody walks the tree of matters for each row.
    rows = SiteMatter.objects.filter(
        matter__in=list(Matter.objects.filter(inside).values_list("pk", flat=True)), span__contains=on
    )
    if enterprise is not None:
        rows = rows.filter(site__enterprise=enterprise)
    return rows.values("site__enterprise")


def with_hours(
    rows: QuerySet[Staff], *, year: int, today: dt.date, enterprise: Enterprise | None = None
) -> QuerySet[Any]:
    """Return people with `is_first`, `owed`, `done` and `missing` hours of `year`.

    Give `enterprise` when all are of that one. Who was not there in the year, owes nothing. Three small
    queries read the policies at once; the people, however many, are one.
    """
    on = judged_on(year, today)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    hours = {
        (rule.is_high_risk, rule.role): (rule.first_hours, rule.yearly_hours)
        for rule in TrainingPolicy.objects.filter(since__lte=on).order_by("since")
    }
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

    def of(is_high: bool) -> Case:
        """Return the hours of each role, by whether it is the first year."""
        known = [(role, figures) for (high, role), figures in hours.items() if high is is_high]
        return Case(
            *(When(role=role, joined_on__gte=first, then=_hours(figures[0])) for role, figures in known),
            *(When(role=role, then=_hours(figures[1])) for role, figures in known),
            default=NONE,
            output_field=HOURS,
        )

    return rows.annotate(
        is_first=Case(When(joined_on__gte=first, then=Value(True)), default=Value(False)),
        owed=Case(
            When(joined_on__gt=last, then=NONE),
            When(left_on__lte=first, then=NONE),
            When(enterprise__in=high_risk(on, enterprise=enterprise), then=of(True)),
            default=of(False),
            output_field=HOURS,
        ),
        done=Coalesce(Subquery(done, output_field=HOURS), NONE),
    ).annotate(missing=Greatest(ExpressionWrapper(F("owed") - F("done"), output_field=HOURS), NONE))


def _hours(figure: int) -> Value:
    return Value(figure, output_field=HOURS)


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
