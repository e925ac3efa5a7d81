"""A major hazard of the hotel on a list, played by the named cast."""

import pytest

from hazards.choices import Grade
from hazards.listed.models import ListedSupervision
from hazards.listed.services import Given, act, list_hazard
from hazards.models import Hazard
from tests.hazards.conftest import Play


class Board:
    """Lists hazards and acts on their listings as the people of the cast."""

    def __init__(self, play: Play) -> None:
        self.play = play

    def who(self, by):
        return {"actor": self.play.person(by), "acting_post": self.play.posts[by], "now": self.play.now}

    def major(self, **changes):
        """A major hazard whose rectification the inspector has ordered."""
        return self.play.ordered(grade=Grade.MAJOR, **changes)

    def listed(self, by="bureau", hazard=None, level="city", **given):
        """A listing by the city's committee office."""
        return list_hazard(hazard=hazard or self.major(), level=level, **given, **self.who(by))

    def submitted(self, **given):
        """A listing whose hazard the enterprise says to have rectified."""
        row = self.listed(**given)
        self.play.play(row.hazard, [("plan", "enterprise"), ("submit", "enterprise")])
        return self.fresh(row)

    def struck_off(self, **given):
        """A listing whose hazard's rectification is accepted."""
        row = self.submitted(**given)
        self.play.act(row.hazard, "accept", "inspector")
        return self.fresh(row)

    def act(self, row, action, by, *, version=None, **given):
        """Make a move on the version that the database holds now unless one is given."""
        if version is None:
            version = ListedSupervision.objects.values_list("version", flat=True).get(pk=row.pk)
        fields = {"note": "已核实", "due_on": self.play.day(20)} | given
        return act(listing=row, action=action, given=Given(**fields), version=version, **self.who(by))

    def asked(self, **given):
        """Delisting is asked for by the enterprise."""
        return self.act(self.struck_off(**given), "ask", "enterprise")

    def checked(self, **given):
        """… and the inspector has checked."""
        return self.act(self.asked(**given), "check", "inspector")

    def accepted(self, **given):
        """… and inspector2 has accepted."""
        return self.act(self.checked(**given), "accept", "inspector2")

    def delisted(self, **given):
        """… and the office has approved."""
        return self.act(self.accepted(**given), "approve", "bureau")

    def fresh(self, row):
        """The listing and its hazard as the database holds them."""
        found = ListedSupervision.objects.select_related("post", "rule").get(pk=row.pk)
        found.hazard = Hazard.objects.get(pk=row.hazard_id)
        return found


@pytest.fixture
def board(play) -> Board:
    return Board(play)
