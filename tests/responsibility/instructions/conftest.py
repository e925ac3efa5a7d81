"""An instruction played through its services by the named cast."""

import datetime as dt
import uuid
from typing import Any

import pytest

from responsibility.instructions.choices import Role, Source
from responsibility.instructions.models import Instruction, InstructionTask
from responsibility.instructions.services import Asked, act, end, give
from safegrid.accounts.models import User
from tests.city import Cast

DAY = dt.timedelta(days=1)


class Play:
    """Gives and answers instructions as the people of the cast. The office gives, the government leads."""

    def __init__(self, cast: Cast, now: dt.datetime) -> None:
        self.cast, self.now = cast, now

    def person(self, name: str) -> User:
        """Somebody as the next request would find them."""
        return User.objects.get(username=name)

    def day(self, days: int) -> dt.date:
        """The local day `days` from today."""
        return (self.now + days * DAY).date()

    def asked(self, unit: Any, days: int = 7) -> Asked:
        return Asked(unit, self.day(days))

    def give(self, by: str = "bureau", **changes: Any) -> Instruction:
        city = self.cast.city
        fields = {
            "token": uuid.uuid4(),
            "source": Source.NOTE,
            "title": "整治逾期隐患",
            "text": "请牵头整治，报送结果。",
            "lead": self.asked(city.government),
            "assisting": [self.asked(city.brigade, 5)],
            "actor": self.person(by),
            "acting_post": self.cast.posts.get(by),
            "now": self.now,
        }
        return give(**fields | changes)

    def task(self, row: Instruction, role: str = Role.LEAD) -> InstructionTask:
        return InstructionTask.objects.get(instruction=row, role=role)

    def act(self, row: Instruction, action: str, by: str, role: str = Role.LEAD, **changes: Any):
        task = self.task(row, role)
        fields = {
            "task": task,
            "action": action,
            "note": "说明",
            "due_on": self.day(20),
            "version": task.version,
            "actor": self.person(by),
            "acting_post": self.cast.posts.get(by),
            "now": self.now,
        }
        return act(**fields | changes)

    def end(self, row: Instruction, action: str, by: str, **changes: Any) -> Instruction:
        fields = {
            "instruction": row,
            "action": action,
            "note": "汇总",
            "version": Instruction.objects.get(pk=row.pk).version,
            "actor": self.person(by),
            "acting_post": self.cast.posts.get(by),
            "now": self.now,
        }
        return end(**fields | changes)

    def complete(self) -> Instruction:
        """An instruction whose every answer is there, the lead's accepted."""
        row = self.give()
        self.act(row, "answer", "fire", Role.ASSIST)
        self.act(row, "answer", "chengdong")
        self.act(row, "accept", "bureau")
        return row


@pytest.fixture
def play(cast, policies, now) -> Play:
    return Play(cast, now)
