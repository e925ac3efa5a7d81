"""Two enter penalties of one enterprise at the same moment: nothing is entered or put to anybody twice."""

import uuid

import pytest

from hazards.choices import Grade
from hazards.penalties.closing.models import ClosureProposal
from hazards.penalties.models import Penalty
from hazards.penalties.services import Decided, penalise
from safegrid.audit.services import verify
from tests.hazards.test_two_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def entering(play, hazard, number, by, token=None):
    """Enter a warning for a hazard, prepared."""
    decided = Decided(
        kind="warning",
        law="安全生产法",
        article="第一百零二条",
        document=f"{number}号",
        decided_on=play.day(0),
    )
    actor, post, token = play.person(by), play.posts[by], token or uuid.uuid4()
    return lambda: penalise(
        token=token, decided=decided, hazard=hazard, actor=actor, acting_post=post, now=play.now
    )


def test_a_form_posted_twice_at_once_is_entered_once(play):
    enter = entering(play, play.ordered(), 1, "inspector", uuid.uuid4())
    assert at_once(enter, enter, enter) == ["done"] * 3
    assert Penalty.objects.count() == 1


def test_the_third_and_the_fourth_at_once_put_one_closure_to_one_person(play):
    hazard = play.ordered(grade=Grade.MAJOR)
    for number in (1, 2):
        entering(play, hazard, number, "inspector")()
    outcomes = at_once(entering(play, hazard, 3, "inspector"), entering(play, hazard, 4, "inspector2"))
    assert outcomes == ["done", "done"]
    [proposal] = ClosureProposal.objects.all()
    assert proposal.penalties.count() == 4
    assert verify() == []
