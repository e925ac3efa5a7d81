"""Self-inspections by their services: opened, saved, filed once; what was found is the enterprise's own."""

import datetime as dt
import threading

import pytest
from django.db import connection

from hazards.choices import Road, Source, State
from hazards.models import Hazard
from inspections.checklists import applicable
from inspections.choices import Result, SelfInspectionState, Way
from inspections.models import Answer, SelfInspection
from inspections.services.answers import Given, last_time, missing, stored
from inspections.services.periods import open_period
from responsibility.models import Obligation
from responsibility.obligations.choices import Outcome
from responsibility.obligations.periods import period_of
from safegrid.audit.models import Entry
from safegrid.files.choices import FileState, Role
from safegrid.files.models import Evidence
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale

pytestmark = pytest.mark.django_db

DECEMBER = dt.datetime(2026, 11, 30, 16, 0, tzinfo=dt.UTC)  # the first instant of December in Xining


# -- periods -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "day", "expected"),
    [
        ("monthly", (2026, 11, 23), ("2026-11", (2026, 11, 1), (2026, 12, 1))),
        ("monthly", (2026, 12, 31), ("2026-12", (2026, 12, 1), (2027, 1, 1))),
        ("quarterly", (2026, 11, 23), ("2026-Q4", (2026, 10, 1), (2027, 1, 1))),
        ("yearly", (2026, 1, 1), ("2026", (2026, 1, 1), (2027, 1, 1))),
    ],
)
def test_a_day_lies_in_its_period(rhythm, day, expected):
    name, first, following = expected
    assert period_of(dt.date(*day), rhythm) == (name, dt.date(*first), dt.date(*following))


def test_a_period_opens_one_self_inspection_and_what_is_owed(desk, now):
    row = desk.row
    assert (row.period, row.state, row.due_at) == ("2026-11", SelfInspectionState.DUE, DECEMBER)
    assert row.district == desk.cast.city.chengdong
    owed = Obligation.objects.get()
    assert (owed.kind, owed.debtor_enterprise, owed.due_at) == ("self_inspection", row.enterprise, DECEMBER)
    assert desk.duty.next_opens_at == DECEMBER


def test_opening_a_period_twice_changes_nothing(desk, now):
    assert open_period(duty=desk.duty, now=now) == desk.row
    assert SelfInspection.objects.count() == Obligation.objects.count() == 1


def test_the_next_period_lapses_what_was_left(desk):
    november = desk.row
    desk.save(desk.answers("ok"))
    december = desk.next_period(DECEMBER)
    november.refresh_from_db()
    assert (november.state, december.period) == (SelfInspectionState.LAPSED, "2026-12")
    assert Obligation.objects.get(subject_id=november.pk).outcome == Outcome.LAPSED
    assert Obligation.objects.open().get().subject_id == december.pk
    desk.row = november
    with pytest.raises(Refused):
        desk.file(desk.everything_ok())
    with pytest.raises(Refused):
        desk.save(desk.everything_ok())


def test_what_was_filed_does_not_lapse(desk):
    desk.file(desk.everything_ok())
    november = desk.row
    desk.next_period(DECEMBER)
    november.refresh_from_db()
    assert november.state == SelfInspectionState.FILED


# -- what applies, and last time -----------------------------------------------------------------------


def test_only_what_concerns_the_site_is_asked(desk, monthly):
    site = desk.cast.city.hotel
    assert list(applicable(desk.row.checklist, site)) == monthly[:3]
    site.features = ["has_lift"]
    assert list(applicable(desk.row.checklist, site)) == [*monthly[:3], monthly[4]]
    assert list(applicable(desk.row.checklist, desk.cast.city.warehouse)) == monthly[:1]


def test_the_same_as_last_time_leaves_out_what_was_wrong(desk):
    assert last_time(desk.row) == {}
    desk.file(desk.answers("ok", desk.plan(), "na"))
    first, _second, third = desk.items
    assert last_time(desk.row) == {}  # not its own answers
    assert last_time(desk.next_period(DECEMBER)) == {first.pk: "ok", third.pk: "na"}


def test_the_same_as_last_time_ignores_what_was_never_filed(desk):
    desk.save(desk.answers("ok", "ok"))
    assert last_time(desk.next_period(DECEMBER)) == {}


# -- drafts --------------------------------------------------------------------------------------------


def test_a_draft_keeps_half_an_answer(desk):
    row = desk.save(desk.answers(Given(Result.NOT_OK, "一半")))
    assert (row.state, row.version, row.saved_by) == (SelfInspectionState.DRAFT, 2, desk.cast.enterprise)
    answer = Answer.objects.get()
    assert (answer.result, answer.note, answer.way) == (Result.NOT_OK, "一半", "")


def test_a_draft_saves_only_what_is_given(desk):
    desk.save(desk.answers("ok", "na"))
    desk.save({desk.items[2].pk: Given(Result.OK)})
    assert {pk: given.result for pk, given in stored(desk.row).items()} == {
        item.pk: result for item, result in zip(desk.items, ("ok", "na", "ok"), strict=True)
    }


def test_photos_of_a_draft_can_be_changed(desk):
    given = desk.spot()
    desk.save(desk.answers(given))
    other = desk.photo("green")
    desk.save(desk.answers(desk.spot(before=[other])))
    answer = stored(desk.row)[desk.items[0].pk]
    assert (answer.before, answer.after) == ([other], list(given.after))
    desk.save(desk.answers("ok"))
    assert not Evidence.objects.exists()


def test_words_and_photos_count_only_where_something_is_wrong(desk):
    desk.save(desk.answers(Given(Result.OK, "nothing", Way.PLAN, "nothing", dt.date(2026, 12, 1))))
    answer = Answer.objects.get()
    assert (answer.note, answer.way, answer.plan, answer.plan_due_on) == ("", "", "", None)


def test_an_item_that_does_not_apply_and_a_result_that_does_not_exist_are_left_out(desk, monthly):
    desk.save({monthly[3].pk: Given(Result.OK), monthly[0].pk: Given("maybe")})
    assert not Answer.objects.exists()


def test_a_stale_draft_changes_nothing(desk):
    desk.save(desk.answers("ok"))
    with pytest.raises(Stale):
        desk.save(desk.answers("na"), "principal", version=1)
    assert stored(desk.row)[desk.items[0].pk].result == Result.OK
    assert desk.fresh.saved_by == desk.cast.enterprise


def test_colleagues_go_on_with_one_another_s_photos(desk):
    given = desk.spot()
    desk.save(desk.answers(given, "ok", "ok"))
    desk.save(desk.answers(given), "principal")
    row = desk.file({}, "principal")
    assert (row.filed_by, row.photo_count) == (desk.cast.principal, 2)


@pytest.mark.parametrize("who", ["rival", "inspector", "bureau", "auditor", "chengdong"])
def test_nobody_else_fills_it_in(desk, who):
    with pytest.raises(NotAllowed):
        desk.save(desk.everything_ok(), who)
    with pytest.raises(NotAllowed):
        desk.file(desk.everything_ok(), who)


def test_a_post_that_only_reads_cannot_fill_it_in(desk):
    desk.cast.posts["enterprise"].scopes.update(acting=False)
    with pytest.raises(NotAllowed):
        desk.save(desk.everything_ok())


def test_photos_of_strangers_are_refused(desk):
    with pytest.raises(Invalid):
        desk.save(desk.answers(desk.spot(before=[desk.photo("green", "rival")])))
    assert not Answer.objects.exists()


# -- what is missing -----------------------------------------------------------------------------------


def lack(desk, given):
    return missing(desk.items[:1], {desk.items[0].pk: given} if given else {}, now=desk.now).get(
        desk.items[0].pk, ""
    )


def test_each_gap_has_its_sentence(desk):
    red = desk.photo("red")
    bad = desk.photo("green")
    bad.state = FileState.UNREADABLE
    assert lack(desk, None) == "Not answered yet."
    assert lack(desk, Given(Result.OK)) == lack(desk, Given(Result.NA)) == ""
    assert lack(desk, desk.spot(note=" ")) == "Say what is wrong."
    assert lack(desk, desk.spot(way="")) == "Fixed on the spot, or by a date?"
    assert lack(desk, desk.spot(after=[])) == "Add a photo before and one after."
    assert lack(desk, desk.spot(before=[])) == "Add a photo before and one after."
    assert lack(desk, desk.spot(before=[red], after=[red])) == "Before and after are the same photo."
    assert lack(desk, desk.spot(after=[bad])) == "A photo could not be read. Take it away and add another."
    assert lack(desk, desk.spot()) == ""
    assert lack(desk, desk.plan(plan="")) == "Say what you will do."
    assert lack(desk, desk.plan(plan_due_on=None)) == "Say by when it will be fixed."
    assert lack(desk, desk.plan(days=-1)) == "This day is over. Choose today or later."
    assert lack(desk, desk.plan(days=31)) == "Choose a day up to 2026-12-23."
    assert lack(desk, desk.plan(days=0)) == lack(desk, desk.plan(days=30)) == ""


def test_filing_names_every_item_that_lacks_something_and_changes_nothing(desk):
    with pytest.raises(Invalid) as refusal:
        desk.file(desk.answers("ok", desk.plan(days=40)))
    second, third = (str(item.pk) for item in desk.items[1:])
    assert refusal.value.message_dict == {
        second: ["Choose a day up to 2026-12-23."],
        third: ["Not answered yet."],
    }
    assert desk.fresh.state == SelfInspectionState.DUE
    assert not Hazard.objects.exists()
    assert not Answer.objects.exists()


# -- filing --------------------------------------------------------------------------------------------


def test_filing_gives_a_receipt_and_closes_what_was_owed(desk, now):
    row = desk.file(desk.answers("ok", "ok", "na"))
    assert (row.state, row.filed_at, row.filed_by) == (SelfInspectionState.FILED, now, desk.cast.enterprise)
    assert (row.answer_count, row.photo_count, row.found_count) == (3, 0, 0)
    assert row.receipt == "ZC-2026-000001"
    assert Obligation.objects.get().outcome == Outcome.MET
    assert Entry.objects.filter(action="self_inspection.file").count() == 1


def test_what_was_found_is_the_enterprise_s_own(desk):
    row = desk.file(desk.answers(desk.spot(), desk.plan(days=5), "ok"))
    fixed, planned = Hazard.objects.order_by("pk")
    assert {h.road for h in (fixed, planned)} == {Road.SELF}
    assert {h.source for h in (fixed, planned)} == {Source.SELF_INSPECTION}
    assert {h.ordered_by for h in (fixed, planned)} == {None}
    assert (fixed.state, fixed.title, fixed.fixed_on_the_spot) == (State.TO_CONFIRM, "通道堆物", True)
    assert (planned.state, planned.due_on, planned.measures) == (
        State.RECTIFYING,
        dt.date(2026, 11, 28),
        "更换灯具",
    )
    assert (row.found_count, row.photo_count) == (2, 2)
    assert [a.hazard for a in row.answers.exclude(hazard=None)] == [fixed, planned]
    shown = Evidence.objects.filter(subject_type__model="hazard", subject_id=fixed.pk)
    assert set(shown.values_list("role", flat=True)) == {Role.BEFORE, Role.AFTER}
    owed = {o.kind: o.debtor_enterprise for o in Obligation.objects.open()}
    assert owed == dict.fromkeys(("hazard_confirm", "hazard_rectify"), row.enterprise)


def test_photos_that_no_longer_count_are_not_counted(desk):
    row = desk.file(desk.answers(desk.plan(before=[desk.photo()], after=[desk.photo("blue")]), "ok", "ok"))
    assert row.photo_count == 1


def test_filed_again_gives_the_same_receipt(desk):
    first = desk.file(desk.answers(desk.spot(), "ok", "ok"))
    again = desk.file(desk.answers("ok", "ok", "ok"), "principal")
    assert (again.receipt, again.filed_by) == (first.receipt, desk.cast.enterprise)
    assert Hazard.objects.count() == 1
    assert stored(desk.row)[desk.items[0].pk].result == Result.NOT_OK
    with pytest.raises(Refused):
        desk.save(desk.everything_ok())


def test_what_was_reviewed_is_what_is_filed(desk):
    desk.save(desk.everything_ok())
    with pytest.raises(Stale):
        desk.file({}, version=1)
    assert desk.file({}, version=2).state == SelfInspectionState.FILED
    assert desk.file({}, version=1).receipt  # filed already: the receipt, whatever the version


def test_filing_late_is_filing(desk):
    row = desk.file(desk.everything_ok(), now=DECEMBER + dt.timedelta(days=1, hours=10))  # 2 December
    assert row.state == SelfInspectionState.FILED
    assert Obligation.objects.get().days_late == 2  # it was due on 30 November


@pytest.mark.django_db(transaction=True)
def test_two_who_file_at_once_get_one_receipt(desk):
    answers = desk.answers(desk.spot(), "ok", "ok")
    desk.save(answers)
    start, receipts = threading.Barrier(2), []

    def press(who):
        start.wait()
        try:
            receipts.append(desk.file({}, who).receipt)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[who]) for who in ("enterprise", "principal")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert receipts == ["ZC-2026-000001"] * 2
    assert Hazard.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_do_not_overwrite_one_another(desk):
    start, outcomes = threading.Barrier(2), []

    def press(who, result):
        start.wait()
        try:
            desk.save(desk.answers(result), who, version=1)
            outcomes.append(result)
        except Stale:
            outcomes.append("stale")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=press, args=args) for args in (("enterprise", "ok"), ("principal", "na"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (won,) = set(outcomes) - {"stale"}
    assert sorted(outcomes) == sorted([won, "stale"])
    assert stored(desk.row)[desk.items[0].pk].result == won
