"""An enterprise calls its own major; orders are graded anew, were given on paper, or are not needed."""

import datetime as dt
import uuid

import pytest

from hazards.choices import Owed, Road, State
from hazards.grading.models import MajorItem
from hazards.models import Hazard
from hazards.penalties.queries import is_ground
from responsibility.models import Obligation
from responsibility.obligations.services import about
from safegrid.accounts.models import User
from safegrid.audit.services import verify
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused


def called(play, **given):
    return play.act(play.own(days=10), "call_major", "enterprise", major_basis="判定标准第三条", **given)


def owed(hazard) -> set[str]:
    return set(about(hazard).open().values_list("kind", flat=True))


def reads(play, name: str, hazard) -> bool:
    return Hazard.objects.visible_to(User.objects.get(pk=play.person(name).pk)).filter(pk=hazard.pk).exists()


def test_it_is_seen_from_then_on_and_what_the_law_asks_falls_due(play):
    hazard = play.own(days=10)
    assert (reads(play, "inspector", hazard), owed(hazard)) == (False, {Owed.RECTIFY})
    hazard = play.act(
        hazard, "call_major", "enterprise", major_item=MajorItem.objects.get(code="第三条第二项")
    )
    assert (hazard.road, hazard.state, hazard.is_shared) == (Road.SELF, State.RECTIFYING, True)
    assert "第三条第二项" in hazard.major_basis
    assert owed(hazard) == {Owed.RECTIFY, Owed.PLAN, Owed.TELL, Owed.DECIDE}
    assert all(about(hazard).open().values_list("is_major", flat=True))
    assert all(about(hazard).open().values_list("is_shared", flat=True))
    decision = about(hazard).get(kind=Owed.DECIDE)
    assert (decision.debtor_post, decision.label) == (play.posts["inspector"], "hazard_step_in")
    seen = {
        name: reads(play, name, hazard) for name in ("inspector", "chengdong", "bureau", "rival", "chengxi")
    }
    assert seen == {"inspector": True, "chengdong": True, "bureau": True, "rival": False, "chengxi": False}
    assert verify() == []


def test_it_says_what_makes_it_major(play):
    hazard = play.own(days=10)
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "call_major", "enterprise", major_basis=" ")
    assert set(refusal.value.message_dict) == {"major_basis"}
    assert (owed(hazard), Hazard.objects.get().grade) == ({Owed.RECTIFY}, "general")


def test_without_its_plan_nothing_is_submitted_and_the_enterprise_ends_it_itself(play):
    hazard = called(play)
    with pytest.raises(Refused):
        play.act(hazard, "submit", "enterprise")
    play.act(hazard, "plan", "enterprise", plan_due_on=play.day(5))
    play.act(hazard, "tell_major", "enterprise")
    play.act(hazard, "submit", "enterprise")
    with pytest.raises(NotAllowed):
        play.act(hazard, "confirm", "enterprise")
    hazard = play.act(hazard, "confirm", "principal")
    assert (hazard.state, owed(hazard)) == (State.CLOSED, set())
    assert not is_ground(hazard, play.now)


def test_an_officer_who_steps_in_orders_it_and_nothing_is_owed_twice(play):
    hazard = called(play)
    hazard = play.act(hazard, "step_in", "inspector", grade="major", major_basis="判定标准第三条")
    assert (hazard.road, hazard.state) == (Road.ORDERED, State.GRADED)
    decision = about(hazard).open().get(kind=Owed.DECIDE)
    assert (decision.debtor_post, decision.label) == (play.posts["inspector"], "hazard_order")
    hazard = play.act(hazard, "order", "inspector", due_on=play.day(20))
    kinds = list(about(hazard).open().values_list("kind", flat=True))
    assert sorted(kinds) == sorted({Owed.RECTIFY, Owed.PLAN, Owed.TELL})


def test_entered_as_major_it_is_registered_once(play, client):
    client.force_login(play.cast.rival)
    form = client.get("/hazards/new/").context["form"]
    given = {
        "token": str(uuid.uuid4()),
        "source": form.fields["source"].choices[0][0],
        "matter": play.cast.city.general.pk,
        "title": "储罐区未设可燃气体报警",
        "category": "gas.alarm",
        "plan_due_on": play.day(5).isoformat(),
        "is_major": "on",
    }
    wrong = client.post("/hazards/new/", given)
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"major_basis"})
    assert not Hazard.objects.exists()
    done = client.post("/hazards/new/", given | {"major_basis": "判定标准第五条"})
    hazard = Hazard.objects.get()
    assert (done.status_code, hazard.grade, hazard.is_shared) == (302, "major", True)
    assert client.post("/hazards/new/", given | {"major_basis": "判定标准第五条"}).url == done.url
    assert Obligation.objects.filter(kind=Owed.TELL).count() == 1
    fixed = given | {"token": str(uuid.uuid4()), "fixed": "on", "major_basis": "x", "is_another": "on"}
    assert set(client.post("/hazards/new/", fixed).context["form"].errors) >= {"fixed"}


def test_an_officials_form_asks_nothing_of_the_kind(play, client):
    client.force_login(play.cast.inspector)
    fields = client.get(f"/hazards/new/?site={play.cast.city.hotel.pk}").context["form"].fields
    assert not {"is_major", "major_item", "fixed"} & set(fields)


def test_what_an_officer_sees_put_right_is_closed_with_a_photo_and_without_an_order(play):
    hazard = play.found()
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "fixed_at_once", "inspector", photos=[])
    assert set(refusal.value.message_dict) == {"photos"}
    for other in ("enterprise", "gridofficer", "chengxi"):
        with pytest.raises((NotAllowed, Refused)):
            play.act(hazard, "fixed_at_once", other)
    hazard = play.act(hazard, "fixed_at_once", "inspector")
    assert (hazard.state, hazard.fixed_on_the_spot, hazard.days_late) == (State.CLOSED, True, 0)
    assert (hazard.ordering_unit, owed(hazard)) == (play.posts["inspector"].unit, set())
    major = play.act(play.found(), "grade", "inspector", grade="major", major_basis="x")
    with pytest.raises(Refused):
        play.act(major, "fixed_at_once", "inspector")


def test_what_had_a_deadline_before_is_late_by_it_also_when_it_is_put_right_on_the_spot(play):
    hazard = play.ordered(days=3)
    play.now += dt.timedelta(days=8)
    play.act(hazard, "regrade", "inspector", grade="general", now=play.now)
    assert play.act(hazard, "fixed_at_once", "inspector", now=play.now).days_late == 5


@pytest.mark.parametrize("submitted", [False, True])
def test_a_general_order_that_turns_out_major_is_graded_anew_and_ordered_again(play, submitted):
    hazard = play.ordered(days=10)
    if submitted:
        hazard = play.act(hazard, "submit", "enterprise")
    with pytest.raises((NotAllowed, Refused)):
        play.act(hazard, "regrade", "enterprise", grade="major", major_basis="x")
    hazard = play.act(hazard, "regrade", "inspector", grade="major", major_basis="判定标准第三条")
    assert (hazard.state, hazard.grade, hazard.round) == (State.GRADED, "major", 2 if submitted else 1)
    assert owed(hazard) == {Owed.DECIDE}
    hazard = play.act(hazard, "order", "inspector", due_on=play.day(30))
    assert (hazard.original_due_on, hazard.due_on) == (play.day(10), play.day(30))
    assert owed(hazard) == {Owed.RECTIFY, Owed.PLAN, Owed.TELL}
    hazard = play.act(hazard, "regrade", "inspector", grade="general")
    assert owed(hazard) == {Owed.DECIDE}
    assert verify() == []


def test_an_order_that_was_written_on_paper_may_be_late_already(play):
    hazard = play.act(play.found(), "grade", "inspector")
    paper = {"paper_number": "东应急责改〔2026〕7号", "paper_on": play.day(-20)}
    for wrong, field in [
        ({"due_on": play.day(-21)}, "due_on"),
        ({"due_on": play.day(-5), "paper_number": ""}, "paper_number"),
        ({"due_on": play.day(-5), "paper_on": None}, "paper_on"),
        ({"due_on": play.day(-5), "paper_on": play.day(1)}, "paper_on"),
    ]:
        with pytest.raises(Invalid) as refusal:
            play.act(hazard, "order", "inspector", **paper | wrong)
        assert set(refusal.value.message_dict) == {field}, wrong
    hazard = play.act(hazard, "order", "inspector", due_on=play.day(-5), **paper)
    assert (hazard.due_on, hazard.original_due_on, hazard.paper_on) == (
        play.day(-5),
        play.day(-5),
        play.day(-20),
    )
    assert hazard.is_overdue(play.now)
    assert hazard.ordered_at < play.now - dt.timedelta(days=19)
    assert about(hazard).open().get(kind=Owed.RECTIFY).is_overdue(play.now)
    hazard = play.act(hazard, "submit", "enterprise")
    assert hazard.days_late == 5


def test_without_a_paper_no_deadline_lies_in_the_past(play):
    hazard = play.act(play.found(), "grade", "inspector")
    given = {"due_on": play.day(-5), "paper_number": "", "paper_on": None}
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "order", "inspector", **given)
    assert set(refusal.value.message_dict) == {"due_on"}


def test_who_comes_too_late_is_told_who_did_what(play):
    hazard = play.found()
    play.act(hazard, "grade", "inspector2")
    with pytest.raises(Refused) as refusal:
        play.act(hazard, "grade", "inspector", version=1)
    told = str(refusal.value)
    assert all(
        word in told for word in ("Graded", play.cast.inspector2.label, play.posts["inspector2"].label)
    )
