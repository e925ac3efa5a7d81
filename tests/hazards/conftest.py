"""A hazard played through its services by the named cast."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import pytest

from hazards.choices import Category, Grade, MeasureKind, Road, Source
from hazards.models import Hazard
from hazards.repeats import likely_same
from hazards.services import Given, act, report
from hazards.services.spot_checking import draw
from hazards.sharing import share_late
from responsibility.units.succession import NewUnit, reorganise_units
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post, User
from safegrid.files.choices import FileState
from safegrid.files.models import StoredFile
from safegrid.grid.models import Unit, UnitSuccession
from safegrid.kernel.clock import local_date
from tests import factories as make
from tests.city import Cast

DAY = dt.timedelta(days=1)


def photo(user: User, now: dt.datetime) -> StoredFile:
    """A photo that `user` has sent ahead."""
    return StoredFile.objects.create(
        original="originals/none.bin",
        sha256=uuid.uuid4().hex,
        size=1,
        width=4,
        height=3,
        state=FileState.READY,
        uploaded_by=user,
        uploaded_at=now,
    )


class Play:
    """Acts on hazards of the hotel as the people of the cast, with everything given that is needed."""

    def __init__(self, cast: Cast, now: dt.datetime) -> None:
        self.cast, self.now = cast, now
        self.posts = dict(cast.posts)
        self.people = {name: getattr(cast, name) for name in cast.posts}

    def person(self, name: str) -> User:
        return self.people[name]

    def second_post(self, name: str, post: Post) -> str:
        """Let `name` act as another post of theirs; return the name under which they do."""
        other = f"{name} as {post.pk}"
        self.posts[other], self.people[other] = post, self.people[name]
        return other

    def renames(self, unit: Unit) -> Unit:
        """Let another body take the place of `unit` today; return it, with the posts as they are then."""
        reorganise_units(
            kind="renamed",
            predecessors=[unit],
            successors=[NewUnit(f"{unit.name}（新）")],
            on=local_date(self.now),
            basis="机构改革方案",
            actor=self.cast.bureau,
            acting_post=self.posts["bureau"],
            now=self.now,
        )
        for name, post in self.posts.items():
            self.posts[name] = Post.objects.get(pk=post.pk)
        return UnitSuccession.objects.get(predecessor=unit).successor

    def joins(self, name: str, kind: PostKind, unit: Unit, **scope: Any) -> None:
        """Let somebody more act, as a post of `unit` that reaches `scope`."""
        self.people[name] = make.UserFactory(username=name)
        self.posts[name] = make.PostFactory(kind=kind, unit=unit, holder=self.people[name])
        make.PostScopeFactory(post=self.posts[name], acting=True, **scope)

    def day(self, days: int) -> dt.date:
        """The local day `days` from today."""
        return (self.now + days * DAY).date()

    def found(self, by: str = "inspector", **changes: Any) -> Hazard:
        """A hazard that an inspection found: to be graded."""
        return self._report(by, {"road": Road.ORDERED, "source": Source.INSPECTION} | changes)

    def own(self, by: str = "enterprise", *, days: int = 10, fixed: bool = False, **changes: Any) -> Hazard:
        """A hazard that the enterprise found: planned within `days`, or fixed on the spot."""
        after = [photo(self.person(by), self.now)] if fixed else []
        when = {"fixed": True, "after": after} if fixed else {"plan_due_on": self.day(days)}
        return self._report(by, {"road": Road.SELF, "source": Source.SELF_INSPECTION} | when | changes)

    def late(self) -> Hazard:
        """A hazard that the enterprise found and has not put right in time; the sweep has seen it."""
        hazard = self.own(days=1)
        self.now += 2 * DAY
        share_late(self.now)
        hazard.refresh_from_db()
        return hazard

    def drawn(self) -> Hazard:
        """A hazard that the enterprise fixed on the spot, drawn for a check."""
        hazard = self.own(fixed=True)
        draw(number=1, actor=self.cast.bureau, acting_post=self.posts["bureau"], now=self.now, seed=1)
        hazard.refresh_from_db()
        return hazard

    def _report(self, by: str, changes: dict[str, Any]) -> Hazard:
        fields = {
            "site": self.cast.city.hotel,
            "matter": self.cast.city.general,
            "title": "疏散通道被堵塞",
            "category": Category.FIRE,
            "actor": self.person(by),
            "acting_post": self.posts[by],
            "now": self.now,
        }
        return report(**fields | changes)

    def given(self, by: str, **changes: Any) -> Given:
        """Everything that any action may require."""
        fields = {
            "note": "说明",
            "due_on": self.day(20),
            "grade": Grade.GENERAL,
            "measures": "清理通道",
            "photos": [photo(self.person(by), self.now)],
            "responsible": "马明",
            "plan_measures": "改造",
            "funds": 1000,
            "plan_due_on": self.day(2),
            "contingency": "停业疏散",
            "measure": MeasureKind.STOP,
            "extent": "二楼西侧",
            "told_regulator_on": self.day(0),
            "told_workers_on": self.day(0),
            "paper_number": "（宁）应急责改〔2026〕12号",
            "paper_on": self.day(0),
            "title": "疏散通道被杂物堵塞",
        }
        return Given(**fields | changes)

    def act(
        self,
        hazard: Hazard,
        action: str,
        by: str,
        *,
        version: int | None = None,
        now: dt.datetime | None = None,
        **given: Any,
    ) -> Hazard:
        """Apply `action` as `by`, on the version that the database holds now unless one is given."""
        if action == "merge" and "same_as" not in given:
            given["same_as"] = next(iter(likely_same(hazard, self.person(by))), None)
        if version is None:
            version = Hazard.objects.values_list("version", flat=True).get(pk=hazard.pk)
        return act(
            hazard=hazard,
            action=action,
            given=self.given(by, **given),
            version=version,
            actor=self.person(by),
            acting_post=self.posts[by],
            now=now or self.now,
        )

    def ordered(self, *, days: int = 10, grade: Grade = Grade.GENERAL, by: str = "inspector") -> Hazard:
        """A hazard whose rectification `by` has ordered within `days`."""
        hazard = self.found(by)
        basis = "判定标准第三条" if grade == Grade.MAJOR else ""
        self.act(hazard, "grade", by, grade=grade, major_basis=basis)
        return self.act(hazard, "order", by, due_on=self.day(days))

    def rectified(self, by: str = "enterprise", *, ordered_by: str = "inspector", **changes: Any) -> Hazard:
        """A hazard whose rectification `by` has submitted."""
        return self.act(self.ordered(by=ordered_by, **changes), "submit", by)

    def play(self, hazard: Hazard, steps: Iterable[tuple[str, str]]) -> Hazard:
        """Apply (action, by) one after the other."""
        for action, by in steps:
            hazard = self.act(hazard, action, by)
        return hazard


@pytest.fixture
def play(cast, policies, now) -> Play:
    """The cast, ready to act."""
    return Play(cast, now)


@pytest.fixture
def crowd(play) -> Play:
    """The cast, and who acts at the same hotel for other bodies: an officer of the district's market
    supervision, and the city's supervisor of the matter.
    """
    city = play.cast.city
    market = make.UnitFactory(name="城东区市场监督管理局", district=city.chengdong, governs=[city.general])
    play.joins("market", PostKind.OFFICER, market, district=city.chengdong)
    above = make.UnitFactory(name="西宁市应急管理局", district=city.city, governs=[city.general])
    play.joins("supervisor", PostKind.SUPERVISOR, above, district=city.city, matter=city.general)
    return play
