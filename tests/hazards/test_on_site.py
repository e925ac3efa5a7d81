"""What is done at once, suspension of work and its end by consent, the two reports of a major one."""

import pytest
from django.db import IntegrityError, transaction

from hazards.choices import Grade, MeasureKind, Owed, State
from hazards.models import Hazard, MajorReport, SiteMeasure
from responsibility.obligations.choices import Outcome
from responsibility.obligations.services import about
from safegrid.kernel.refusals import Invalid, Refused
from tests.hazards.conftest import DAY


def open_kinds(hazard):
    return set(about(hazard).open().values_list("kind", flat=True))


def test_a_measure_is_in_force_until_somebody_of_the_body_lifts_it(play):
    hazard = play.act(play.found(), "take_measure", "inspector", measure="clear", extent=" 三楼 ")
    row = SiteMeasure.objects.get()
    assert (row.kind, row.extent, row.taken_by, row.taken_post, row.lifted_at) == (
        MeasureKind.CLEAR,
        "三楼",
        play.cast.inspector,
        play.posts["inspector"],
        None,
    )
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "take_measure", "inspector2", measure="clear")
    assert set(refusal.value.message_dict) == {"measure"}
    hazard = play.act(hazard, "lift_measure", "inspector2", measure="clear", now=play.now + DAY)
    row.refresh_from_db()
    assert (row.lifted_at, row.lifted_by) == (play.now + DAY, play.cast.inspector2)
    assert play.act(hazard, "take_measure", "inspector", measure="clear").state == State.REPORTED


@pytest.mark.parametrize("measure", ["suspend", "", "dance"])
def test_only_a_measure_of_the_list_is_taken_at_once(play, measure):
    with pytest.raises(Invalid) as refusal:
        play.act(play.found(), "take_measure", "inspector", measure=measure)
    assert set(refusal.value.message_dict) == {"measure"}
    assert not SiteMeasure.objects.exists()


def test_acceptance_lifts_what_is_left_of_measures(play):
    hazard = play.act(play.rectified(), "take_measure", "inspector", measure="seal")
    play.act(hazard, "accept", "inspector2")
    assert SiteMeasure.objects.get().lifted_by == play.cast.inspector2


def test_work_resumes_only_by_consent_and_nothing_is_accepted_before(play):
    hazard = play.act(play.rectified(), "suspend", "inspector", extent="全部经营活动")
    with pytest.raises(Refused) as refusal:
        play.act(hazard, "accept", "inspector")
    assert "work is suspended" in str(refusal.value)
    hazard = play.act(hazard, "ask_resume", "enterprise")
    row = about(hazard).open().get(kind=Owed.RESUME)
    assert (row.debtor_post, row.policy.code) == (play.posts["inspector"], "resume_review")
    hazard = play.act(hazard, "refuse_resume", "inspector2", note="报警系统未恢复")
    assert open_kinds(hazard) == {Owed.ACCEPT}
    with pytest.raises(Refused):
        play.act(hazard, "accept", "inspector")
    hazard = play.play(hazard, [("ask_resume", "principal"), ("consent_resume", "inspector2")])
    assert (open_kinds(hazard), SiteMeasure.objects.get().lifted_by) == ({Owed.ACCEPT}, play.cast.inspector2)
    assert play.act(hazard, "accept", "inspector").state == State.CLOSED


def test_what_is_suspended_is_not_cancelled_away(play):
    hazard = play.act(play.ordered(), "suspend", "inspector")
    with pytest.raises(Refused):
        play.act(hazard, "cancel", "inspector")


def test_a_refusal_says_why(play):
    hazard = play.play(play.ordered(), [("suspend", "inspector"), ("ask_resume", "enterprise")])
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "refuse_resume", "inspector", note=" ")
    assert set(refusal.value.message_dict) == {"note"}


def test_the_database_keeps_one_measure_of_a_kind_and_says_who_lifted_it(play):
    hazard = play.act(play.found(), "take_measure", "inspector")
    row = SiteMeasure.objects.get()
    for change in ({"lifted_at": play.now}, {"asked_at": play.now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SiteMeasure.objects.filter(pk=row.pk).update(**change)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert hazard.site_measures.count() == 1


def test_a_major_hazard_is_reported_twice_and_that_it_was_not_stays_to_be_seen(play):
    hazard = play.ordered(grade=Grade.MAJOR)
    row = about(hazard).open().get(kind=Owed.TELL)
    assert (row.debtor_enterprise, row.creditor_post, row.due_on) == (
        play.cast.city.enterprise,
        play.posts["inspector"],
        play.day(1),
    )
    with pytest.raises(Invalid) as refusal:
        play.act(hazard, "tell_major", "principal", told_workers_on=play.day(1))
    assert set(refusal.value.message_dict) == {"told_workers_on"}
    told = play.act(hazard, "tell_major", "principal", told_workers_on=play.day(-1))
    assert (told.major_report.regulator_on, told.major_report.workers_on) == (play.day(0), play.day(-1))
    with pytest.raises(Refused):
        play.act(told, "tell_major", "principal")
    other = play.play(
        play.ordered(grade=Grade.MAJOR),
        [("plan", "principal"), ("submit", "enterprise"), ("accept", "inspector")],
    )
    assert about(other).get(kind=Owed.TELL).outcome == Outcome.LAPSED
    assert MajorReport.objects.count() == 1


def test_the_page_shows_what_is_in_force_and_what_was_reported(play, client):
    hazard = play.play(
        play.ordered(grade=Grade.MAJOR),
        [("suspend", "inspector"), ("take_measure", "inspector"), ("tell_major", "principal")],
    )
    client.force_login(play.cast.enterprise)
    page = client.get(f"/hazards/{hazard.number}/").text
    for words in (
        "Suspension of work",
        "Stop work at once",
        "still in force",
        "Reported to the regulator on",
    ):
        assert words in page
    assert Hazard.objects.get().state == State.RECTIFYING
