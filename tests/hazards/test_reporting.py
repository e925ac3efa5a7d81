"""A hazard is registered on one of two roads, with its place of then and what is owed next."""

import pytest

from hazards.choices import Owed, Road, State
from hazards.models import NO_DEADLINE, Hazard, Step
from responsibility.calendars import services as calendar
from responsibility.obligations.services import about
from safegrid.accounts.models import Involvement
from safegrid.audit.models import Entry
from safegrid.files.models import Evidence
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid
from tests.hazards.conftest import photo


def owed(hazard):
    """(kind, debtor, local due day) of what is open about a hazard."""
    return {
        (row.kind, str(row.debtor_post or row.debtor_enterprise), row.due_on) for row in about(hazard).open()
    }


def test_what_an_inspection_finds_waits_for_a_decision_of_who_found_it(play):
    hazard = play.found(description="二楼", photos=[photo(play.cast.inspector, play.now)])
    assert (hazard.state, hazard.due_on, hazard.number) == (State.REPORTED, NO_DEADLINE, "XN-2026-000001")
    hotel = play.cast.city.hotel
    assert hazard.place_ids == hotel.place_ids
    assert (hazard.then_district, hazard.then_township) == (hotel.district, hotel.township)
    two_working_days = calendar.working_day(clock.local_date(play.now), 2)
    assert owed(hazard) == {(Owed.DECIDE, play.cast.posts["inspector"].label, two_working_days)}
    assert Evidence.objects.get().role == "before"
    assert Involvement.objects.get().post == play.cast.posts["inspector"]
    assert Entry.objects.filter(subject=f"hazards.hazard:{hazard.pk}").count() == 1
    step = Step.objects.get()
    assert (step.action, step.from_state, step.to_state, step.note) == ("report", "", "reported", "二楼")


def test_another_may_decide(play):
    hazard = play.found("gridofficer", decides=play.cast.posts["inspector"])
    assert {debtor for _kind, debtor, _day in owed(hazard)} == {play.cast.posts["inspector"].label}


def test_what_an_enterprise_plans_is_due_on_its_own_day(play):
    hazard = play.own(days=10)
    assert (hazard.state, hazard.road, hazard.ordered_by) == (State.RECTIFYING, Road.SELF, None)
    assert hazard.due_on == hazard.original_due_on == play.day(10)
    assert hazard.due_at == clock.day_end(play.day(10))
    assert owed(hazard) == {(Owed.RECTIFY, play.cast.city.enterprise.name, play.day(10))}


def test_what_is_fixed_on_the_spot_waits_for_another_person(play):
    hazard = play.own(fixed=True)
    assert (hazard.state, hazard.fixed_on_the_spot, hazard.fixed_by) == (
        State.TO_CONFIRM,
        True,
        play.cast.enterprise,
    )
    assert owed(hazard) == {(Owed.CONFIRM, play.cast.city.enterprise.name, play.day(3))}
    assert about(hazard).get().not_by == play.cast.enterprise


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"days": -1}, "plan_due_on"),
        ({"days": 31}, "plan_due_on"),
        ({"plan_due_on": None}, "plan_due_on"),
        ({"title": "  "}, "title"),
        ({"fixed": True, "after": []}, "photos"),
    ],
)
def test_what_is_missing_or_wrong_is_named(play, changes, field):
    with pytest.raises(Invalid) as refusal:
        play.own(**changes)
    assert set(refusal.value.message_dict) == {field}
    assert Hazard.objects.count() == 0


def test_a_title_longer_than_a_list_can_show_goes_on_in_the_description(play):
    text = "消防通道" * 60
    hazard = Hazard.objects.get(pk=play.found(title=f"{text}\n", description="二楼").pk)
    assert len(hazard.title) == 160
    assert hazard.title == f"{text[:159]}…"
    assert hazard.description == f"{text}\n二楼"


def test_numbers_run_through_a_year_without_a_gap(play):
    numbers = [play.found().number for _ in range(3)]
    with pytest.raises(Invalid):
        play.own(days=-1)
    assert [*numbers, play.found().number] == [f"XN-2026-{n:06d}" for n in (1, 2, 3, 4)]
