"""Two people act on one hazard at the same moment: one does it, the other is told; nothing is done twice."""

import threading

import pytest
from django.db import connection

from hazards.choices import Owed, State
from hazards.models import Hazard, Step
from hazards.services import act
from responsibility.obligations.models import Obligation
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Run all deeds at the same moment, each in a connection of its own; return what came of them."""
    gate = threading.Barrier(len(deeds))
    outcomes = []

    def run(deed):
        gate.wait()
        try:
            deed()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def prepared(play, hazard, action, by, **given):
    """An act on the version that everybody sees now."""
    what = play.given(by, **given)
    return lambda: act(
        hazard=hazard,
        action=action,
        given=what,
        version=hazard.version,
        actor=play.person(by),
        acting_post=play.posts[by],
        now=play.now,
    )


def test_a_form_posted_twice_at_once_is_done_once(play):
    hazard = play.ordered()
    submit = prepared(play, hazard, "submit", "enterprise")
    assert at_once(submit, submit, submit) == ["done", "stale", "stale"]
    assert Step.objects.filter(action="submit").count() == 1
    assert Obligation.objects.open().get().kind == Owed.ACCEPT


def test_of_two_officers_one_accepts_or_sends_back(play):
    hazard = play.rectified()
    outcomes = at_once(
        prepared(play, hazard, "accept", "inspector"), prepared(play, hazard, "send_back", "inspector2")
    )
    assert outcomes == ["done", "stale"]
    hazard.refresh_from_db()
    owed = Obligation.objects.open().count()
    assert (hazard.state, owed) in {(State.CLOSED, 0), (State.RECTIFYING, 1)}


def test_rectification_and_extension_at_once(play):
    hazard = play.act(play.ordered(), "ask_extension", "enterprise")
    outcomes = at_once(
        prepared(play, hazard, "submit", "enterprise"), prepared(play, hazard, "grant_extension", "inspector")
    )
    assert outcomes == ["done", "stale"]
    assert Hazard.objects.get().version == hazard.version + 1
    assert Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").count() == hazard.version + 1
    assert verify() == []


def test_many_reports_at_once_share_no_number(play):
    at_once(*[play.found for _ in range(6)])
    numbers = sorted(Hazard.objects.values_list("number", flat=True))
    assert numbers == [f"XN-2026-{n:06d}" for n in range(1, 7)]
