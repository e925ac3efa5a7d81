"""Penalties entered through their service by the named cast."""

import uuid
from decimal import Decimal

import pytest

from hazards.penalties.services import Decided, correct, penalise

BUSY = "（宁东）应急罚〔2026〕{}号"


class Penalties:
    """Enters penalties as the people of the cast, with everything given that is needed."""

    def __init__(self, play):
        self.play, self.count = play, 0

    def decided(self, **changes):
        """What a decision says; each has a number of its own unless one is given."""
        self.count += 1
        fields = {
            "kind": "fine",
            "law": "安全生产法",
            "article": "第一百零二条",
            "amount": Decimal("20000.00"),
            "decided_on": self.play.day(0),
            "document": BUSY.format(self.count),
        }
        return Decided(**fields | changes)

    def enter(self, hazard=None, by="inspector", *, token=None, site=None, matter=None, now=None, **changes):
        """Enter a penalty for a hazard, or at a site."""
        play = self.play
        return penalise(
            token=token or uuid.uuid4(),
            decided=self.decided(**changes),
            hazard=hazard,
            site=site,
            matter=matter,
            actor=play.person(by),
            acting_post=play.posts[by],
            now=now or play.now,
        )

    def correct(self, penalty, by="inspector", *, token=None, is_void=False, reason="金额录错", **changes):
        """Correct a penalty."""
        play = self.play
        given = {"document": penalty.document, "decided_on": penalty.decided_on} | changes
        return correct(
            penalty=penalty,
            token=token or uuid.uuid4(),
            decided=self.decided(**given),
            is_void=is_void,
            reason=reason,
            actor=play.person(by),
            acting_post=play.posts[by],
            now=play.now,
        )


@pytest.fixture
def penalties(play):
    """The cast, ready to penalise."""
    return Penalties(play)
