"""How hazards of the demo city are found: by its enterprises themselves, and by officers on a visit."""

import datetime as dt
import uuid
from functools import partial

from analysis.demo import words
from analysis.demo.clockwork import CAMPAIGN_DAYS, WORSE_DAYS, Decide
from analysis.demo.rectifications import Rectifications
from hazards.choices import Grade, State
from hazards.models import Hazard
from hazards.services import Given
from inspections.choices import Result, SelfInspectionState, VisitKind, Way
from inspections.models import ChecklistItem, SelfInspection
from inspections.services import answers as answering
from inspections.services import self_inspections, visits
from responsibility.calendars.services import deadline
from safegrid.accounts.models import Post, User
from safegrid.grid.models import Site
from safegrid.kernel import clock

ORDERS = ["order_general_3", "order_general_7", "order_general_15", "order_general_30"]


class Findings(Rectifications):
    """Self-inspections and visits, up to the order."""

    def _self_inspect(self, row: SelfInspection, now: dt.datetime) -> None:
        row.refresh_from_db()
        if row.state in (SelfInspectionState.FILED, SelfInspectionState.LAPSED):
            return
        demo = row.site_id == self.city.sites[1].pk
        if demo and row.due_at > self.end:
            return  # this one is for whoever tries the demo
        self.steps += 1
        officer, _principal = self.city.staff[row.enterprise_id]
        person = self.city.people[officer.pk]
        items = self._applicable(row.site)
        wrong = self.rng.sample(items, min(len(items), self.rng.choices([0, 1, 2], [62, 25, 13])[0]))
        if self._is_excellent(row.site):
            wrong = []
        answers = {
            item.pk: answering.Given(Result.OK if self.rng.random() < 0.95 else Result.NA) for item in items
        }
        for item in wrong:
            answers[item.pk] = self._own_finding(item, person, now)
        filed = self_inspections.file(
            inspection=row, answers=answers, actor=person, acting_post=officer, now=now
        )
        for hazard in Hazard.objects.filter(answers__inspection=filed).select_related("enterprise"):
            self._follow_own(hazard, now)

    def _own_finding(self, item: ChecklistItem, person: User, now: dt.datetime) -> answering.Given:
        title, measure = self.rng.choice(words.FINDINGS[item.code])
        before = [self.album.take(person, tidy=False, now=now)]
        if self.rng.random() < 0.55:
            after = [self.album.take(person, tidy=True, now=now)]
            return answering.Given(Result.NOT_OK, title, Way.SPOT, "", None, before, after)
        day = clock.local_date(now) + dt.timedelta(days=self.rng.randint(3, 20))
        return answering.Given(Result.NOT_OK, title, Way.PLAN, measure, day, before)

    def _follow_own(self, hazard: Hazard, now: dt.datetime) -> None:
        if hazard.state == State.TO_CONFIRM:
            self.at(self.later(now, self.rng.uniform(0.2, 2.5)), lambda at: self._confirm(hazard.pk, at))
        else:
            self._rectify_in_time(hazard, now)

    def _visit(self, now: dt.datetime) -> None:
        district = self.rng.choices(list(self.by_district), [len(s) for s in self.by_district.values()])[0]
        site = self.rng.choice(self.by_district[district])
        self._inspect(site, now, findings=self._how_many(site, now))

    def _how_many(self, site: Site, now: dt.datetime) -> int:
        left = (self.end - now).days
        if self._is_excellent(site):
            return self.rng.choices([0, 1], [80, 20])[0]
        if site.district_id == self.worse and left < WORSE_DAYS:
            return self.rng.choice([4, 5, 6])  # by far more: it shows on whatever day the year ends
        return self.rng.choices([0, 1, 2, 3], [22, 38, 28, 12])[0]

    def _inspect(
        self,
        site: Site,
        now: dt.datetime,
        *,
        findings: int,
        item: str = "",
        order: Decide | None = None,
    ) -> None:
        """Let two officers of the district visit a site and find so many things, or just one `item`."""
        self.steps += 1
        team = self.rng.sample(self._officers(site), 2)
        items = self._looked_at(site)
        wrong = [each for each in items if each.code == item] or self._wrong(site, items, findings)
        person = self.city.people[team[0].pk]
        looked = {item: visits.Looked(Result.OK) for item in self.rng.sample(items, min(len(items), 6))}
        for each in wrong:
            title, _measure = self.rng.choice(words.FINDINGS[each.code])
            looked[each] = visits.Looked(Result.NOT_OK, title, [self.album.take(person, tidy=False, now=now)])
        visit = visits.record_visit(
            token=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            kind=VisitKind.INSPECTION,
            site=site,
            matter=items[0].matter,
            visited_at=now - dt.timedelta(minutes=40),
            officers=[team[1]],
            items=looked,
            actor=person,
            acting_post=team[0],
            now=now,
        )
        decide = order or self._order
        for pk in visit.items.exclude(hazard=None).values_list("hazard", flat=True):
            self.at(
                now + dt.timedelta(minutes=self.rng.randint(20, 300)),
                partial(self._grade, pk, team[0], decide),
            )

    def _wrong(self, site: Site, items: list[ChecklistItem], number: int) -> list[ChecklistItem]:
        """Choose what is wrong; one time in four something that was wrong there before."""
        known = self.before.setdefault(site.pk, [])
        chosen = self.rng.sample(items, min(number, len(items)))
        if known and chosen and self.rng.random() < 0.25 and known[0] not in chosen:
            chosen[0] = known[0]
        known += chosen
        return chosen

    def _grade(self, pk: int, post: Post, decide: Decide, now: dt.datetime) -> None:
        graded = self._act(pk, "grade", Given(grade=Grade.GENERAL), post, now)
        self.at(now + dt.timedelta(minutes=self.rng.randint(5, 90)), partial(decide, graded, post))

    def _order(self, hazard: Hazard, post: Post, now: dt.datetime) -> None:
        if self.rng.random() < 0.01:
            self._act(hazard.pk, "cancel", Given(note="经核实，现场情况不构成隐患"), post, now)
            return
        recent = (self.end - now).days <= CAMPAIGN_DAYS
        policy = self.rng.choices(ORDERS, [10, 20, 30, 40] if recent else [25, 40, 25, 10])[0]
        _rule, due_at = deadline(policy, now=now)
        ordered = self._act(
            hazard.pk,
            "order",
            Given(due_on=clock.last_day(due_at), measures=self._measure(hazard)),
            post,
            now,
        )
        self._rectify_in_time(ordered, now)
