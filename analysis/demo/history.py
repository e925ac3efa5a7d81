"""A year of the demo city, told by driving the real services under a moving clock."""

import datetime as dt
from functools import partial

from analysis.demo.clockwork import CAMPAIGN_DAYS
from analysis.demo.planted import Planted
from inspections.models import SelfInspection
from inspections.services.periods import KIND
from responsibility.alerts.sweep import sweep
from responsibility.models import WorkingDay
from responsibility.obligations.models import Duty
from safegrid.kernel import clock

DAYS = 365


class Story(Planted):
    """The ordinary year: a sweep each morning, duties, visits on working days."""

    def plan(self) -> None:
        """Queue the year: a sweep each morning, visits on working days, the hazards nobody fixed."""
        today = clock.local_date(self.end)
        first = today - dt.timedelta(days=DAYS)
        works = set(
            WorkingDay.objects.filter(works=True, day__gte=first, day__lte=today).values_list(
                "day", flat=True
            )
        )
        for i in range(DAYS + 1):
            day = first + dt.timedelta(days=i)
            self.at(clock.day_start(day) + dt.timedelta(minutes=2), self._morning)
            if day in works:
                left = (today - day).days
                for _ in range(self._visits_on(left)):
                    self.at(self._hour(day), self._visit)
        self._duties(first)
        self.plant(today)

    def _visits_on(self, days_ago: int) -> int:
        if days_ago <= CAMPAIGN_DAYS:
            return self.rng.choice([3, 4, 5])
        return self.rng.choice([0, 1, 1, 2])

    def _morning(self, now: dt.datetime) -> None:
        self.steps += 1
        sweep(now=now, mail=False)
        for row in SelfInspection.objects.filter(opened_at=now).select_related(
            "site__enterprise", "checklist"
        ):
            share = self.rng.random()
            if share < 0.97:
                length = (row.due_at - now).days
                early = self.rng.randint(1, max(2, length - 2))
                self.at(self.later(now, early), partial(self._self_inspect, row))

    def _duties(self, first: dt.date) -> None:
        """Every third site inspects itself every quarter, the demo enterprise every month."""
        start = clock.day_start(first)
        rows = []
        for i, site in enumerate(self.city.sites):
            demo = i == 1
            if demo or i % 3 == 0:
                rows.append(
                    Duty(
                        kind=KIND,
                        site=site,
                        enterprise=site.enterprise,
                        rhythm="monthly" if demo else "quarterly",
                        params={"checklist": self.checklist.code},
                        next_opens_at=start,
                    )
                )
        Duty.objects.bulk_create(rows)
