"""The office writes to a unit that is late: the inspector's bureau owes two things, one of them overdue."""

import datetime as dt
import uuid
from typing import Any

import pytest

from responsibility.letters.choices import Rung
from responsibility.letters.models import UnitLetter
from responsibility.letters.services import act, correct, send
from safegrid.accounts.models import User
from tests import factories as make
from tests.city import Cast

DAY = dt.timedelta(days=1)


class Office:
    """Sends letters to the emergency bureau; its supervisor's post (`gas`) answers for it."""

    def __init__(self, cast: Cast, now: dt.datetime) -> None:
        self.cast, self.now = cast, now
        city, post = cast.city, cast.posts["inspector"]
        self.late, self.in_time = (
            make.ObligationFactory(
                site=city.hotel,
                subject=make.HazardFactory(site=city.hotel, title=title),
                debtor_post=post,
                due_in=due_in,
            )
            for title, due_in in (("逾期的隐患", -4), ("未到期的隐患", 5))
        )

    def person(self, name: str) -> User:
        return User.objects.get(username=name)

    def day(self, days: int) -> dt.date:
        return (self.now + days * DAY).date()

    def send(self, rung: str = Rung.REMINDER, by: str = "bureau", **changes: Any) -> UnitLetter:
        fields = {
            "token": uuid.uuid4(),
            "unit": self.cast.city.emergency,
            "rung": rung,
            "text": "请抓紧办理。\n并说明原因。",
            "due_on": self.day(7),
            "owed": [self.late],
            "actor": self.person(by),
            "acting_post": self.cast.posts[by],
            "now": self.now,
        }
        if rung == Rung.TALK:
            fields |= {"talk_at": self.now + 2 * DAY, "talk_place": "三楼会议室"}
        return send(**fields | changes)

    def act(self, letter: UnitLetter, action: str, by: str, **changes: Any) -> UnitLetter:
        fields = {
            "letter": letter,
            "action": action,
            "note": "说明",
            "due_on": self.day(20),
            "version": UnitLetter.objects.get(pk=letter.pk).version,
            "actor": self.person(by),
            "acting_post": self.cast.posts[by],
            "now": self.now,
        }
        return act(**fields | changes)

    def correct(self, letter: UnitLetter, by: str = "bureau", **changes: Any) -> UnitLetter:
        fields = {
            "letter": letter,
            "text": "更正后的内容。",
            "version": UnitLetter.objects.get(pk=letter.pk).version,
            "actor": self.person(by),
            "acting_post": self.cast.posts[by],
            "now": self.now,
        }
        return correct(**fields | changes)


@pytest.fixture
def office(cast, policies, now, settings, tmp_path) -> Office:
    settings.MEDIA_ROOT = tmp_path
    return Office(cast, now)
