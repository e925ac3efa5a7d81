"""The hotel's monthly self-inspection, and what somebody answers to it."""

import datetime as dt
from collections.abc import Sequence

import pytest

from inspections.choices import Result, Way
from inspections.models import Checklist, ChecklistItem, SelfInspection
from inspections.reference import INSPECTION, SELF_MONTHLY
from inspections.services.answers import Given
from inspections.services.periods import KIND, open_period
from inspections.services.self_inspections import file, save_draft
from responsibility.models import Duty
from safegrid.files.choices import Origin
from safegrid.files.models import StoredFile
from safegrid.files.services import store
from safegrid.kernel import clock
from tests import factories as make
from tests.city import Cast
from tests.files.photos import upload


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Evidence in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path


def items_of(checklist: Checklist, matters: Sequence, prefix: str) -> list[ChecklistItem]:
    """An item for each of `matters`, with everything that a page shows of it."""
    return [
        make.ChecklistItemFactory(
            checklist=checklist,
            code=f"{prefix}-{n}",
            order=n,
            text=f"{prefix}事项{n}",
            text_en=f"{prefix} item {n}",
            why=f"原因{n}",
            why_en=f"Because of {n}",
            basis=f"《某法》第{n}条",
            basis_en=f"Some Law, Art. {n}",
            matter=matter,
        )
        for n, matter in enumerate(matters, start=1)
    ]


@pytest.fixture
def monthly(city) -> list[ChecklistItem]:
    """Five items, of which three apply to the hotel: it uses no gas and has no lift."""
    checklist = make.ChecklistFactory(code=SELF_MONTHLY, name="月度自查", name_en="Monthly self-inspection")
    items = items_of(checklist, [city.general, city.fire, city.crowded, city.gas, city.general], "self")
    items[4].features = ["has_lift"]
    items[4].save()
    return items


@pytest.fixture
def looked_at(city) -> list[ChecklistItem]:
    """Items of inspection: general, fire of crowded places, gas."""
    checklist = make.ChecklistFactory(code=INSPECTION, name="检查事项", name_en="Items of inspection")
    return items_of(checklist, [city.general, city.fire, city.crowded, city.gas], "visit")


class Desk:
    """The enterprise's people at their self-inspection."""

    def __init__(self, cast: Cast, items: list[ChecklistItem], now: dt.datetime) -> None:
        self.cast, self.now = cast, now
        self.items = items[:3]  # what applies to the hotel
        self.duty = make.DutyFactory(
            kind=KIND, site=cast.city.hotel, params={"checklist": items[0].checklist.code}, next_opens_at=now
        )
        self.row = open_period(duty=self.duty, now=now)

    @property
    def fresh(self) -> SelfInspection:
        """The row as the database holds it."""
        return SelfInspection.objects.get(pk=self.row.pk)

    def photo(self, colour: str = "red", by: str = "enterprise") -> StoredFile:
        """A photo that somebody sent ahead."""
        return store(
            upload=upload(colour=colour), actor=getattr(self.cast, by), now=self.now, origin=Origin.CAMERA
        )

    def spot(self, by: str = "enterprise", **changes) -> Given:
        """Something wrong, fixed on the spot."""
        photos = {"before": [self.photo("red", by)], "after": [self.photo("blue", by)]}
        return Given(**{"result": Result.NOT_OK, "note": "通道堆物", "way": Way.SPOT} | photos | changes)

    def plan(self, days: int = 10, **changes) -> Given:
        """Something wrong, to be fixed by a day of the enterprise's own."""
        day = clock.local_date(self.now) + dt.timedelta(days=days)
        fields = {"note": "灯不亮", "way": Way.PLAN, "plan": "更换灯具", "plan_due_on": day}
        return Given(**{"result": Result.NOT_OK} | fields | changes)

    def answers(self, *given: Given | str) -> dict[int, Given]:
        """One answer an item, in order; a plain result stands for an answer with nothing more."""
        filled = [Given(g) if isinstance(g, str) else g for g in given]
        return {item.pk: each for item, each in zip(self.items, filled, strict=False)}

    def everything_ok(self) -> dict[int, Given]:
        """OK to all that applies."""
        return self.answers("ok", "ok", "ok")

    def save(self, answers: dict[int, Given], by: str = "enterprise", *, version: int | None = None):
        """Save a draft on the version that the database holds, unless one is given."""
        return save_draft(
            inspection=self.row,
            answers=answers,
            version=self.fresh.version if version is None else version,
            actor=getattr(self.cast, by),
            acting_post=self.cast.posts[by],
            now=self.now,
        )

    def file(self, answers: dict[int, Given], by: str = "enterprise", **changes):
        """File it."""
        return file(
            inspection=self.row,
            answers=answers,
            **{"actor": getattr(self.cast, by), "acting_post": self.cast.posts[by], "now": self.now}
            | changes,
        )

    def next_period(self, now: dt.datetime) -> SelfInspection:
        """What the sweep does when the next period begins."""
        self.duty = Duty.objects.get(pk=self.duty.pk)
        self.row = open_period(duty=self.duty, now=now)
        self.now = now
        return self.row


@pytest.fixture
def desk(cast, monthly, policies, now) -> Desk:
    """The hotel's self-inspection of November 2026, due and untouched."""
    return Desk(cast, monthly, now)
