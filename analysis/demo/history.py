"""A year of the demo city, told by driving the real services under a moving clock.

Events wait in a queue by their time; each does one thing through a service and may queue what follows.
What would happen after the present stays undone: that is what is open today.
"""

import datetime as dt
import heapq
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from itertools import count

from analysis.demo import words
from analysis.demo.cast import CHENGDONG, Bodies
from analysis.demo.photos import Album
from hazards import services as hazards
from hazards.choices import Grade, Road, State
from hazards.models import Hazard
from hazards.services import Given
from inspections.checklists import applicable
from inspections.choices import Result, SelfInspectionState, VisitKind, Way
from inspections.models import Checklist, ChecklistItem, SelfInspection
from inspections.reference import SELF_MONTHLY
from inspections.services import answers as answering
from inspections.services import self_inspections, visits
from inspections.services.periods import KIND
from responsibility.alerts.sweep import sweep
from responsibility.calendars.services import deadline
from responsibility.models import WorkingDay
from responsibility.obligations.models import Duty
from safegrid.accounts.models import Post, User
from safegrid.grid.models import District, Site
from safegrid.kernel import clock

DAYS = 365
CAMPAIGN_DAYS = 30  # the winter campaign of the last weeks: many more visits
WORSE_DAYS = 75
WORSE_DISTRICT = "630103000000"  # 城中区: more found, more of it late
EXCELLENT_TOWNSHIP = "630102006000"  # 八一路街道: everything early
#: Hazards never rectified so far, by how many days they are over: one on every rung.
NEGLECTED = (1, 3, 8)
ORDERS = ["order_general_3", "order_general_7", "order_general_15", "order_general_30"]


#: What follows once a hazard is graded, by the post that graded it.
Decide = Callable[[Hazard, Post, dt.datetime], None]


@dataclass
class City:
    """What the story plays in."""

    bodies: Bodies
    sites: list[Site]
    staff: dict[int, tuple[Post, Post]]  # (safety officer, principal) by enterprise
    people: dict[int, User]  # holder by post


@dataclass
class Story:
    """The queue of events and the verbs that fill it."""

    city: City
    rng: random.Random
    end: dt.datetime
    album: Album
    steps: int = 0
    queue: list[tuple[dt.datetime, int, Callable[[dt.datetime], None]]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.by_district: dict[int, list[Site]] = {}
        for site in self.city.sites:
            self.by_district.setdefault(site.district_id or 0, []).append(site)
        code = dict(District.objects.filter(closed_on=None).values_list("code", "pk"))
        self.worse, self.excellent = code[WORSE_DISTRICT], code[EXCELLENT_TOWNSHIP]
        self.chengdong = code[CHENGDONG]
        self.items: dict[int, list[ChecklistItem]] = {}
        self.checklist = Checklist.objects.get(code=SELF_MONTHLY)
        self.before: dict[int, list[ChecklistItem]] = {}  # what was found wrong at a site

    # -- time --------------------------------------------------------------------------------------

    def at(self, when: dt.datetime, event: Callable[[dt.datetime], None]) -> None:
        """Queue an event; one that lies in the future of the demo never happens."""
        if when < self.end:
            heapq.heappush(self.queue, (when, next(self.order), event))

    def later(self, now: dt.datetime, days: float, hour: int | None = None) -> dt.datetime:
        """Return a moment some days after `now`, at an hour of work."""
        day = clock.local_date(now + dt.timedelta(days=days))
        hour = self.rng.randint(9, 17) if hour is None else hour
        moment = clock.day_start(day) + dt.timedelta(hours=hour, minutes=self.rng.randint(0, 59))
        return max(moment, now + dt.timedelta(minutes=5))

    def run(self, progress: Callable[[dt.date], None]) -> None:
        """Play everything up to the present."""
        shown = None
        while self.queue:
            now, _number, event = heapq.heappop(self.queue)
            event(now)
            day = clock.local_date(now)
            if shown is None or day.month != shown.month:
                progress(day)
                shown = day

    # -- what happens by itself ----------------------------------------------------------------------

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
        self.at(self.end - dt.timedelta(minutes=15), self._fix_unconfirmed)
        for ago, done in ((200, True), (120, True), (9, False), (4, False)):
            self._major(today - dt.timedelta(days=ago), done=done)

    def _visits_on(self, days_ago: int) -> int:
        if days_ago <= CAMPAIGN_DAYS:
            return self.rng.choice([3, 4, 5])
        return self.rng.choice([0, 1, 1, 2])

    def _hour(self, day: dt.date) -> dt.datetime:
        return clock.day_start(day) + dt.timedelta(
            hours=self.rng.randint(9, 16), minutes=self.rng.randint(0, 59)
        )

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

    # -- self-inspections ----------------------------------------------------------------------------

    def _duties(self, first: dt.date) -> None:
        """Every second site inspects itself every quarter, the demo enterprise every month."""
        start = clock.day_start(first)
        rows = []
        for i, site in enumerate(self.city.sites):
            demo = i == 1
            if demo or i % 2:
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
        title, measure = self.rng.choice(words.FINDINGS[item.category])
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

    # -- visits --------------------------------------------------------------------------------------

    def _visit(self, now: dt.datetime) -> None:
        district = self.rng.choices(list(self.by_district), [len(s) for s in self.by_district.values()])[0]
        site = self.rng.choice(self.by_district[district])
        self._inspect(site, now, findings=self._how_many(site, now))

    def _how_many(self, site: Site, now: dt.datetime) -> int:
        left = (self.end - now).days
        if self._is_excellent(site):
            return self.rng.choices([0, 1], [80, 20])[0]
        if site.district_id == self.worse and left < WORSE_DAYS:
            return self.rng.choice([2, 3, 4])
        return self.rng.choices([0, 1, 2, 3], [22, 38, 28, 12])[0]

    def _inspect(
        self,
        site: Site,
        now: dt.datetime,
        *,
        findings: int,
        order: Decide | None = None,
    ) -> None:
        """Let two officers of the district visit a site and find so many things."""
        self.steps += 1
        team = self.rng.sample(self._officers(site), 2)
        items = self._applicable(site)
        wrong = self._wrong(site, items, findings)
        person = self.city.people[team[0].pk]
        looked = {item: visits.Looked(Result.OK) for item in self.rng.sample(items, min(len(items), 6))}
        for item in wrong:
            title, _measure = self.rng.choice(words.FINDINGS[item.category])
            looked[item] = visits.Looked(Result.NOT_OK, title, [self.album.take(person, tidy=False, now=now)])
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

    def _officers(self, site: Site) -> list[Post]:
        """Return who visits: in 城东区 mostly the two of the cast, who stand first."""
        posts = self.city.bodies.officers[site.district_id or 0]
        return posts[:2] if site.district_id == self.chengdong and self.rng.random() < 0.6 else posts

    def _applicable(self, site: Site) -> list[ChecklistItem]:
        if site.pk not in self.items:
            self.items[site.pk] = list(applicable(self.checklist, site).select_related("matter"))
        return self.items[site.pk]

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

    def _measure(self, hazard: Hazard) -> str:
        return dict(words.FINDINGS[hazard.category]).get(hazard.title, "立即整改")

    # -- rectification -------------------------------------------------------------------------------

    def _rectify_in_time(self, hazard: Hazard, now: dt.datetime) -> None:
        """Queue when the enterprise will be done: mostly in time, some late, the excellent early."""
        assert hazard.due_at is not None  # noqa: S101 (it is rectifying)
        length = max((hazard.due_at - now).total_seconds() / 86400, 0.1)
        late = self.rng.random() < self._lateness(hazard, now)
        done = hazard.due_at + dt.timedelta(days=self.rng.uniform(0.3, 5)) if late else None
        if done is None or done >= self.end:
            share = (
                self.rng.uniform(0.05, 0.3)
                if self._is_excellent(hazard.site)
                else self.rng.uniform(0.2, 0.95)
            )
            done = now + dt.timedelta(days=length * share)
            if not late and self.rng.random() < 0.04 and length > 4 and hazard.road == Road.ORDERED:
                self.at(now + dt.timedelta(days=length * 0.4), lambda at: self._extend(hazard.pk, at))
                done = now + dt.timedelta(days=length * 0.9)
        self.at(done, lambda at: self._submit(hazard.pk, at))

    def _lateness(self, hazard: Hazard, now: dt.datetime) -> float:
        if self._is_excellent(hazard.site):
            return 0
        if hazard.district_id == self.worse and (self.end - now).days < WORSE_DAYS:
            return 0.35
        return 0.075

    def _is_excellent(self, site: Site) -> bool:
        return site.township_id == self.excellent

    def _submit(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("enterprise", "site").get(pk=pk)
        if hazard.state != State.RECTIFYING:
            return
        officer, _principal = self.city.staff[hazard.enterprise_id]
        person = self.city.people[officer.pk]
        photo = self.album.take(person, tidy=True, now=now)
        done = self._act(pk, "submit", Given(note=self.rng.choice(words.FIXED), photos=[photo]), officer, now)
        if done.state == State.TO_CONFIRM:
            self.at(self.later(now, self.rng.uniform(0.2, 2.5)), lambda at: self._confirm(pk, at))
        else:
            self.at(self.later(now, self.rng.uniform(0.5, 5)), lambda at: self._accept(pk, at))

    def _confirm(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.get(pk=pk)
        if hazard.state == State.TO_CONFIRM:
            _officer, principal = self.city.staff[hazard.enterprise_id]
            self._act(pk, "confirm", Given(note="已核实"), principal, now)

    def _accept(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("ordered_by", "site").get(pk=pk)
        post = hazard.ordered_by
        if hazard.state != State.TO_ACCEPT or post is None:
            return
        if hazard.round == 1 and self.rng.random() < 0.05:
            day = clock.local_date(now) + dt.timedelta(days=7)
            back = self._act(
                pk, "send_back", Given(note=self.rng.choice(words.SENT_BACK), due_on=day), post, now
            )
            self.at(self.later(now, self.rng.uniform(1, 5)), lambda at: self._submit(back.pk, at))
            return
        self._act(pk, "accept", Given(note=self.rng.choice(words.ACCEPTED)), post, now)
        if self.rng.random() < 0.01:
            self.at(self.later(now, 6), lambda at: self._reopen(pk, post, at))

    def _reopen(self, pk: int, post: Post, now: dt.datetime) -> None:
        day = clock.local_date(now) + dt.timedelta(days=7)
        self._act(pk, "reopen", Given(note="回访发现问题反弹", due_on=day), post, now)
        self.at(self.later(now, self.rng.uniform(1, 5)), lambda at: self._submit(pk, at))

    def _extend(self, pk: int, now: dt.datetime) -> None:
        hazard = Hazard.objects.select_related("ordered_by", "enterprise").get(pk=pk)
        if hazard.state != State.RECTIFYING or hazard.is_overdue(now) or hazard.ordered_by is None:
            return
        officer, _principal = self.city.staff[hazard.enterprise_id]
        day = hazard.due_on + dt.timedelta(days=7)
        asked = Given(note=self.rng.choice(words.EXTENSION_REASONS), due_on=day)
        self._act(pk, "ask_extension", asked, officer, now)
        post = hazard.ordered_by
        answer = "grant_extension" if self.rng.random() < 0.8 else "deny_extension"
        self.at(
            now + dt.timedelta(hours=self.rng.randint(3, 30)),
            lambda at: self._answer(pk, answer, post, at),
        )

    def _answer(self, pk: int, answer: str, post: Post, now: dt.datetime) -> None:
        if Hazard.objects.filter(pk=pk, state=State.RECTIFYING, extensions__state="asked").exists():
            self._act(
                pk, answer, Given(note="情况属实" if answer.startswith("grant") else "请按期完成"), post, now
            )

    # -- planted -------------------------------------------------------------------------------------

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
        title, _measure = self.rng.choice(words.FINDINGS[items[0].category])
        photo = {tidy: [self.album.take(person, tidy=tidy, now=now)] for tidy in (False, True)}
        answers = {item.pk: answering.Given(Result.OK) for item in items}
        answers[items[0].pk] = answering.Given(
            Result.NOT_OK, title, Way.SPOT, before=photo[False], after=photo[True]
        )
        self.steps += 1
        self_inspections.file(inspection=row, answers=answers, actor=person, acting_post=officer, now=now)

    def _major(self, day: dt.date, *, done: bool) -> None:
        """A major hazard: graded so with its basis, ordered, planned; rectified when `done`."""
        site = self.rng.choice([s for s in self.city.sites[6:] if not self._is_excellent(s)])
        basis = self.rng.choice(words.MAJOR_BASES)

        def order(hazard: Hazard, post: Post, now: dt.datetime) -> None:
            self._act(hazard.pk, "grade", Given(grade=Grade.MAJOR, major_basis=basis), post, now)
            _rule, due_at = deadline("order_major_60", now=now)
            given = Given(due_on=clock.last_day(due_at), measures="停止使用，按标准整改后申请复查")
            self._act(hazard.pk, "order", given, post, now + dt.timedelta(minutes=5))
            if done or clock.local_date(self.end) - day > dt.timedelta(days=6):
                self.at(self.later(now, 2), lambda at: self._plan_major(hazard.pk, at))
            if done:
                self.at(self.later(now, 30), lambda at: self._submit(hazard.pk, at))

        self.at(self._hour(day), lambda now: self._inspect(site, now, findings=1, order=order))

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
        item = self._applicable(site)[0]
        ordered = dt.timedelta(days=6)
        visit = visits.record_visit(
            token=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            kind=VisitKind.INSPECTION,
            site=site,
            matter=item.matter,
            visited_at=now - ordered - dt.timedelta(hours=1),
            officers=[second],
            items={
                item: visits.Looked(
                    Result.NOT_OK, "二层安全出口被货物堵塞", [self.album.take(person, tidy=False, now=now)]
                )
            },
            actor=person,
            acting_post=post,
            now=now - ordered,
        )
        hazard = Hazard.objects.get(visit_items__visit=visit)
        self._act(hazard.pk, "grade", Given(grade=Grade.GENERAL), post, now - ordered)
        given = Given(due_at=due_at, measures="立即清理安全出口，保持疏散通道畅通")
        self._act(hazard.pk, "order", given, post, now - ordered)
        sweep(now=now, mail=False)

    def _act(self, pk: int, action: str, given: Given, post: Post, now: dt.datetime) -> Hazard:
        hazard = Hazard.objects.get(pk=pk)
        self.steps += 1
        return hazards.act(
            hazard=hazard,
            action=action,
            given=given,
            version=hazard.version,
            actor=self.city.people[post.pk],
            acting_post=post,
            now=now,
        )
