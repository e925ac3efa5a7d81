"""The demo city's clock: events wait in a queue by their time and each does one thing through a service.

What would happen after the present stays undone: that is what is open today.
"""

import datetime as dt
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from analysis.demo import words
from analysis.demo.cast import CHENGDONG, Bodies
from analysis.demo.photos import Album
from hazards import services as hazards
from hazards.models import Hazard
from hazards.services import Given
from inspections.checklists import applicable
from inspections.models import Checklist, ChecklistItem
from inspections.queries import items_at
from inspections.reference import SELF_MONTHLY
from safegrid.accounts.models import Post, User
from safegrid.grid.models import District, Matter, Site
from safegrid.kernel import clock

CAMPAIGN_DAYS = 30  # the winter campaign of the last weeks: many more visits
WORSE_DAYS = 75
WORSE_DISTRICT = "630103000000"  # 城中区: more found, more of it late
EXCELLENT_TOWNSHIP = "630102006000"  # 八一路街道: everything early

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
class Clockwork:
    """The queue of events, and what every event needs."""

    city: City
    rng: random.Random
    end: dt.datetime
    album: Album
    steps: int = 0
    decided: int = 0  # rectifications whose end has been decided, and how many of them come late
    decided_late: int = 0
    worse_decided: int = 0  # of these in the district that gets worse
    worse_late: int = 0
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
        self.to_look_at: dict[int, list[ChecklistItem]] = {}
        self.checklist = Checklist.objects.get(code=SELF_MONTHLY)
        self.before: dict[int, list[ChecklistItem]] = {}  # what was found wrong at a site

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

    def _hour(self, day: dt.date) -> dt.datetime:
        return clock.day_start(day) + dt.timedelta(
            hours=self.rng.randint(9, 16), minutes=self.rng.randint(0, 59)
        )

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

    def _applicable(self, site: Site) -> list[ChecklistItem]:
        """Return what an enterprise answers in a self-inspection."""
        if site.pk not in self.items:
            self.items[site.pk] = list(applicable(self.checklist, site).select_related("matter"))
        return self.items[site.pk]

    def _looked_at(self, site: Site) -> list[ChecklistItem]:
        """Return what officers look at on a visit."""
        if site.pk not in self.to_look_at:
            matters = Matter.objects.filter(pk__in=site.matter_ids)
            self.to_look_at[site.pk] = list(items_at(site, matters))
        return self.to_look_at[site.pk]

    def _officers(self, site: Site) -> list[Post]:
        """Return who visits: in 城东区 mostly the two of the cast, who stand first."""
        posts = self.city.bodies.officers[site.district_id or 0]
        return posts[:2] if site.district_id == self.chengdong and self.rng.random() < 0.6 else posts

    def _measure(self, hazard: Hazard) -> str:
        return dict(words.FINDINGS[hazard.item_code])[hazard.title]

    def _is_excellent(self, site: Site) -> bool:
        return site.township_id == self.excellent
