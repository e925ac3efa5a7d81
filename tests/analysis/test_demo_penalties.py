"""The demo city's penalties: fines, one corrected, and an enterprise whose closing is put to somebody."""

from analysis.demo.penalties import enter_penalties
from hazards.choices import Grade
from hazards.models import Hazard
from hazards.penalties.closing.models import ClosureProposal
from hazards.penalties.models import Penalty
from tests.hazards.conftest import Play


def test_some_are_fined_and_one_is_a_repeat_offender(cast, policies, now):
    play = Play(cast, now)
    late = play.act(play.rectified(), "accept", "inspector")
    Hazard.objects.filter(pk=late.pk).update(days_late=3)
    major = play.ordered(grade=Grade.MAJOR)
    enter_penalties(now=now)
    assert Penalty.objects.standing().count() == 4
    assert Penalty.objects.exclude(replaces=None).count() == 1
    [proposal] = ClosureProposal.objects.all()
    assert (proposal.enterprise, list(proposal.hazards.all())) == (major.enterprise, [major])
