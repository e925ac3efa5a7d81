"""Own hazards drawn at random: by a seed that is kept, shared from then on, a check owed by an officer."""

import uuid

import pytest

from hazards.choices import Owed
from hazards.models import Hazard, SpotCheck, SpotDraw
from hazards.services.spot_checking import RECENT, draw
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Invalid, NotAllowed
from tests.hazards.conftest import DAY


def drawn_by(play, name="bureau", number=2, **more):
    return draw(number=number, actor=play.person(name), acting_post=play.posts[name], now=play.now, **more)


@pytest.fixture
def five(play):
    return [play.own(title=f"自查{n}") for n in range(5)]


def test_the_same_seed_draws_the_same_and_what_was_drawn_is_kept(play, five):
    made = drawn_by(play, seed=7)
    drawn = {row.hazard_id for row in made.checks.all()}
    assert (made.seed, made.among, len(drawn)) == (7, 5, 2)
    SpotCheck.objects.all().delete()
    again = drawn_by(play, seed=7)
    assert {row.hazard_id for row in again.checks.all()} == drawn
    assert Entry.objects.filter(action="hazards.draw").count() == 2
    assert verify() == []


def test_what_is_drawn_is_shared_and_owes_a_check_to_the_officer_there(play, five):
    made = drawn_by(play)
    drawn = set(Hazard.objects.filter(spot_check__draw=made))
    assert set(Hazard.objects.visible_to(play.cast.inspector)) == drawn
    for hazard in drawn:
        row = about(hazard).open().get(kind=Owed.CHECK)
        assert (row.debtor_post, row.policy.code) == (play.posts["inspector"], "spot_check")
        assert set(about(hazard).values_list("is_shared", flat=True)) == {True}


def test_a_check_is_recorded_once_and_changes_nothing_of_the_enterprises_own_way(play):
    hazard = play.drawn()
    hazard = play.act(hazard, "spot_check", "inspector", note="已整改到位")
    assert about(hazard).get(kind=Owed.CHECK).outcome == Outcome.MET
    hazard = play.act(hazard, "confirm", "principal")
    with pytest.raises(Exception, match="not possible"):
        play.act(hazard, "spot_check", "inspector2")


def test_stepping_in_takes_the_place_of_the_check(play):
    hazard = play.act(play.drawn(), "step_in", "inspector", grade="major", major_basis="第三条")
    assert about(hazard).get(kind=Owed.CHECK).outcome == Outcome.SUPERSEDED


def test_nothing_is_drawn_twice_nor_what_is_old_ordered_or_elsewhere(play, five, cast):
    play.found()
    Hazard.objects.filter(pk=five[0].pk).update(found_at=play.now - RECENT - DAY)
    with pytest.raises(Invalid):
        drawn_by(play, "gas")
    made = drawn_by(play, "inspector", number=20)
    assert {row.hazard_id for row in made.checks.all()} == {row.pk for row in five[1:]}
    with pytest.raises(Invalid) as refusal:
        drawn_by(play)
    assert set(refusal.value.message_dict) == {"number"}
    assert SpotDraw.objects.count() == 1


@pytest.mark.parametrize("name", ["enterprise", "gridofficer", "auditor", "chengdong"])
def test_who_may_not_draw_draws_nothing(play, five, name, client):
    with pytest.raises(NotAllowed):
        drawn_by(play, name)
    client.force_login(play.person(name))
    assert client.get("/hazards/spot-check/").status_code == 403
    assert not Hazard.objects.filter(is_shared=True).exists()


@pytest.mark.parametrize("number", ["0", "21", "x", ""])
def test_a_number_out_of_bounds_is_named_at_its_field(play, five, client, number):
    client.force_login(play.cast.bureau)
    given = {"number": number, "key": str(uuid.uuid4())}
    assert client.post("/hazards/spot-check/", given).status_code == 422
    assert not SpotDraw.objects.exists()


def test_the_page_draws_and_leads_to_the_list(play, five, client):
    client.force_login(play.cast.bureau)
    assert "Draw a spot check" in client.get("/hazards/").text
    answer = client.post("/hazards/spot-check/", {"number": "3", "key": str(uuid.uuid4())}, follow=True)
    assert "3 hazards are drawn" in answer.text
    assert SpotCheck.objects.count() == 3


def test_the_same_form_sent_twice_draws_once(play, five, client):
    client.force_login(play.cast.bureau)
    given = {"number": "2", "key": str(uuid.uuid4())}
    for _ in range(2):
        answer = client.post("/hazards/spot-check/", given, follow=True)
        assert "2 hazards are drawn" in answer.text
    assert SpotDraw.objects.count() == 1
    assert SpotCheck.objects.count() == 2
