"""What the demo needs for certain: a hazard on every rung, majors, one that is late two minutes from now."""

import datetime as dt
import uuid
from decimal import Decimal
from functools import partial

from analysis.demo import rests, turnover, words
from analysis.demo.findings import Findings
from hazards.choices import Grade
from hazards.models import Hazard
from hazards.services import Given
from inspections.choices import Result, SelfInspectionState, VisitKind, Way
from inspections.models import SelfInspection
from inspections.services import answers as answering
from inspections.services import self_inspections, visits
from responsibility.alerts.sweep import sweep
from responsibility.calendars.services import deadline
from safegrid.accounts.models import Post
from safegrid.grid.models import Site
from safegrid.kernel import clock

#: Hazards never rectified so far, by how many days they are over: one on every rung.
NEGLECTED = (1, 3, 5, 8)
CLOSING = dt.timedelta(hours=17, minutes=30)  # of an office
OPEN_AT_LEAST = 90  # hazards; after a long holiday few would be left


class Planted(Findings):
    """Scenes that do not depend on chance."""

    def plant(self, today: dt.date) -> None:
        """Queue the scenes."""
        for over in NEGLECTED:
            self._neglect(today - dt.timedelta(days=over))
        self._neglect(today)
        self._neglect(today + dt.timedelta(days=3))
        # What was found in the last hours: not yet graded, graded but not ordered, fixed but not confirmed.
        anybody = self.city.sites[6:]
        for minutes in (10, 360):
            site = self.rng.choice([s for s in anybody if not self._is_excellent(s)])
            when = self.end - dt.timedelta(minutes=minutes)
            self.at(when, partial(self._leave_undecided, site))
        excellent = [s for s in anybody if self._is_excellent(s)]
        for ago in (150, 90, 40, 25):  # where everything is early something must be found at all
            site = self.rng.choice(excellent)
            self.at(self._hour(today - dt.timedelta(days=ago)), partial(self._inspect, site, findings=1))
        self.at(self.end - dt.timedelta(hours=20), self._catch_up)
        self.at(self.end - dt.timedelta(minutes=15), self._fix_unconfirmed)
        for ago, done in ((200, True), (120, True), (9, False), (4, False)):
            self._major(today - dt.timedelta(days=ago), done=done)
        self._change_hands(today)

    def _change_hands(self, today: dt.date) -> None:
        """Queue what changes: people who go, enterprises that rest."""
        for ago, happens in (
            (rests.OUT_OF_SEASON, partial(rests.end_season, self.city, self.chengdong)),
            (rests.SUSPENDED, partial(rests.suspend, self.city, self.chengdong)),
            (turnover.HANDED_OVER, self._hand_over),
            (turnover.LEFT, partial(turnover.leave_cells, self.city)),
        ):
            self.at(clock.day_start(today - dt.timedelta(days=ago)) + CLOSING, happens)

    def _hand_over(self, now: dt.datetime) -> None:
        """Let an officer go, on the first day on which something is open."""
        if not turnover.hand_officer_over(self.city, now):
            self.at(now + dt.timedelta(days=1), self._hand_over)

    def _neglect(self, due_on: dt.date) -> None:
        """One hazard ordered for `due_on` that the enterprise has not touched."""
        urban = [s for s in self.city.sites[6:] if not self._is_excellent(s)]
        worse = [s for s in urban if s.district_id == self.worse]
        site = self.rng.choice(worse if self.rng.random() < 0.5 else urban)

        def order(hazard: Hazard, post: Post, now: dt.datetime) -> None:
            given = Given(due_on=due_on, measures=self._measure(hazard))
            self._act(hazard.pk, "order", given, post, now)

        day = min(due_on - dt.timedelta(days=8), clock.local_date(self.end) - dt.timedelta(days=1))
        self.at(self._hour(day), lambda now: self._inspect(site, now, findings=1, order=order))

    def _catch_up(self, now: dt.datetime) -> None:
        """A day of many visits, when little is open."""
        sites = [s for s in self.city.sites[6:] if not self._is_excellent(s)]
        for _ in range((OPEN_AT_LEAST - Hazard.objects.open().count() + 1) // 2):
            self._inspect(self.rng.choice(sites), now, findings=2)

    def _leave_undecided(self, site: Site, now: dt.datetime) -> None:
        """A finding that is graded later, and not ordered yet."""

        def wait(hazard: Hazard, post: Post, now: dt.datetime) -> None:
            return

        self._inspect(site, now, findings=1, order=wait)

    def _fix_unconfirmed(self, now: dt.datetime) -> None:
        """A self-inspection filed just now, with one thing fixed on the spot."""
        rows = SelfInspection.objects.filter(state=SelfInspectionState.DUE)
        demo = self.city.sites[1].pk
        row = rows.exclude(site=demo).select_related("site__enterprise", "checklist").order_by("pk").first()
        if row is None:
            return
        officer, _principal = self.city.staff[row.enterprise_id]
        person = self.city.people[officer.pk]
        items = self._applicable(row.site)
        title, _measure = self.rng.choice(words.FINDINGS[items[0].code])
        photo = {tidy: [self.album.take(person, tidy=tidy, now=now)] for tidy in (False, True)}
        answers = {item.pk: answering.Given(Result.OK) for item in items}
        answers[items[0].pk] = answering.Given(
            Result.NOT_OK, title, Way.SPOT, before=photo[False], after=photo[True]
        )
        self.steps += 1
        self_inspections.file(inspection=row, answers=answers, actor=person, acting_post=officer, now=now)

    def _major(self, day: dt.date, *, done: bool) -> None:
        """A major hazard: graded so with its basis, ordered, planned; rectified when `done`."""
        anybody = [s for s in self.city.sites[6:] if not self._is_excellent(s)]
        could_be = [(s, i.code) for s in anybody for i in self._looked_at(s) if i.code in words.MAJOR_BASES]
        site, item = self.rng.choice(could_be)
        basis = words.MAJOR_BASES[item]

        def order(hazard: Hazard, post: Post, now: dt.datetime) -> None:
            graded = Given(grade=Grade.MAJOR, major_basis=basis, note="对照判定标准复核，属重大事故隐患")
            self._act(hazard.pk, "grade", graded, post, now)
            _rule, due_at = deadline("order_major_60", now=now)
            given = Given(due_on=clock.last_day(due_at), measures="停止使用，按标准整改后申请复查")
            self._act(hazard.pk, "order", given, post, now + dt.timedelta(minutes=5))
            if done or clock.local_date(self.end) - day > dt.timedelta(days=6):
                self.at(self.later(now, 2), lambda at: self._plan_major(hazard.pk, at))
            if done:
                self.at(self.later(now, 30), lambda at: self._submit(hazard.pk, at))

        self.at(self._hour(day), lambda now: self._inspect(site, now, findings=1, item=item, order=order))

    def _plan_major(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("enterprise").get(pk=pk)
        _officer, principal = self.city.staff[hazard.enterprise_id]
        given = Given(
            responsible=self.city.people[principal.pk].name,
            plan_measures="停用相关区域，委托有资质单位设计施工，完成后自验",
            funds=Decimal("86000"),
            plan_due_on=hazard.due_on - dt.timedelta(days=5),
            contingency="整改期间安排专人值守，备足应急器材",
        )
        self._act(pk, "plan", given, principal, now)

    def order_for_the_demo(self, *, now: dt.datetime, due_at: dt.datetime) -> None:
        """At the demo enterprise: one hazard whose deadline passes a couple of minutes from now."""
        site = self.city.sites[1]
        post, second = self.city.bodies.officers[self.chengdong][:2]
        person = self.city.people[post.pk]
        items = self._looked_at(site)
        item = next(each for each in items if each.code == "i-fire-exits")
        title, measures = "二层安全出口被货物堵塞", "立即清理安全出口，保持疏散通道畅通"
        ordered = dt.timedelta(days=6)
        visit = visits.record_visit(
            token=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            kind=VisitKind.INSPECTION,
            site=site,
            matter=items[0].matter,
            visited_at=now - ordered - dt.timedelta(hours=1),
            officers=[second],
            items={
                each: visits.Looked(Result.NOT_OK, title, [self.album.take(person, tidy=False, now=now)])
                if each == item
                else visits.Looked(Result.OK)
                for each in items
            },
            actor=person,
            acting_post=post,
            now=now - ordered,
        )
        hazard = Hazard.objects.get(visit_items__visit=visit)
        self._act(hazard.pk, "grade", Given(grade=Grade.GENERAL), post, now - ordered)
        given = Given(due_at=due_at, measures=measures)
        self._act(hazard.pk, "order", given, post, now - ordered)
        sweep(now=now, mail=False)
