"""Risk points: scored, coloured, checked by rhythm; what is found becomes the enterprise's own hazard."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from hazards.models import Hazard
from responsibility.alerts.sweep import sweep
from responsibility.enterprise_line import rounds
from responsibility.enterprise_line.choices import CONSEQUENCES, EXPOSURES, LIKELIHOODS, MEASURES
from responsibility.enterprise_line.models import RiskBand, RiskCheck, RiskPoint, RiskRound
from responsibility.enterprise_line.policies import BANDS, grade_of
from responsibility.enterprise_line.services.checks import check_point, check_rest
from responsibility.enterprise_line.services.risks import change_point, enter_point, recolour, remove_point
from responsibility.models import Alert, Duty, Obligation
from safegrid.audit.models import Entry
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused
from tests import factories as make
from tests.responsibility.enterprise_line.conftest import TODAY, who

DAY = dt.timedelta(days=1)


def facts(books, **changes):
    return {
        **dict.fromkeys(MEASURES, ""),
        "name": "配电柜",
        "kind": "device",
        "spot": "一层",
        "dangers": "触电",
        "likelihood": Decimal(3),
        "exposure": Decimal(6),
        "consequence": 15,
        "engineering": "漏电保护",
        "owner": books.manager,
        "rhythm": "daily",
    } | changes


def enter(books, **changes):
    return enter_point(site=books.city.hotel, facts=facts(books, **changes), **books.me)


def owed():
    """(label, due) of the checks that are owed."""
    rows = Obligation.objects.open().filter(kind__in=rounds.KINDS).order_by("pk")
    return [(row.label, row.due_on) for row in rows]


@pytest.mark.parametrize(
    ("likelihood", "exposure", "consequence", "grade"),
    [("10", "10", 100, "red"), ("3", "6", 40, "red"), ("1", "3", 100, "orange"), ("6", "2", 15, "orange"),
     ("1", "6", 15, "yellow"), ("10", "1", 7, "yellow"), ("3", "3", 7, "blue"), ("0.1", "0.5", 1, "blue")],
)  # fmt: skip
def test_the_colour_follows_from_the_score(books, likelihood, exposure, consequence, grade):
    row = enter(books, likelihood=Decimal(likelihood), exposure=Decimal(exposure), consequence=consequence)
    row.refresh_from_db()
    assert row.score == Decimal(likelihood) * Decimal(exposure) * consequence
    assert row.grade == grade


@given(st.sampled_from(LIKELIHOODS), st.sampled_from(EXPOSURES), st.sampled_from(CONSEQUENCES))
def test_every_score_has_one_colour_and_a_worse_one_is_no_milder(likelihood, exposure, consequence):
    known = [(Decimal(at_least), grade.value) for grade, at_least in BANDS]
    order = ["red", "orange", "yellow", "blue"]
    score = likelihood * exposure * consequence
    grade = grade_of(score, known)
    wanted = "red" if score >= 320 else "orange" if score >= 160 else "yellow" if score >= 70 else "blue"
    assert grade == wanted
    assert order.index(grade_of(score * 2, known)) <= order.index(grade)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"likelihood": Decimal(2)}, "likelihood"),
        ({"exposure": Decimal("0.1")}, "exposure"),
        ({"consequence": 10}, "consequence"),
        ({"kind": "idea"}, "kind"),
        ({"rhythm": "yearly"}, "rhythm"),
        ({"name": " "}, "name"),
        ({"engineering": " "}, "engineering"),
        ({"owner": None}, "owner"),
    ],
)
def test_what_the_method_does_not_know_is_refused(books, changes, field):
    with pytest.raises(Invalid) as refusal:
        enter(books, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert not RiskPoint.objects.exists()


def test_a_person_of_others_is_responsible_for_none(books):
    with pytest.raises(Invalid, match="person of the enterprise"):
        enter(books, owner=make.StaffFactory(enterprise=books.city.other))


def test_the_same_point_is_there_once(books):
    enter(books)
    with pytest.raises(Invalid, match="there already"):
        enter(books)
    enter(books, spot="二层")


def test_all_points_of_a_rhythm_are_one_thing_owed(books):
    for number in range(5):
        enter(books, name=f"柜{number}")
    enter(books, name="库房", rhythm="weekly")
    enter(books, name="屋顶", rhythm="quarterly")
    assert owed() == [
        ("risk_check_daily", TODAY),
        ("risk_check_weekly", dt.date(2026, 11, 29)),
        ("risk_check_quarterly", dt.date(2026, 12, 31)),
    ]
    assert Duty.objects.count() == 3


def test_a_round_is_done_when_every_point_was_looked_at(books):
    first, second = enter(books), enter(books, name="灶台")
    row = RiskRound.objects.get()
    done = check_point(row=row, point=first, result="in_order", **books.me)
    assert check_point(row=row, point=first, result="in_order", **books.me) == done
    assert len(owed()) == 1
    check_point(row=row, point=second, result="in_order", **books.me)
    assert owed() == []
    assert Obligation.objects.get().outcome == "met"
    row.refresh_from_db()
    assert row.done_at == books.now


def test_the_rest_is_in_order_with_one_tap(books):
    points = [enter(books, name=f"柜{number}") for number in range(3)]
    row = RiskRound.objects.get()
    check_point(row=row, point=points[0], result="in_order", **books.me)
    assert check_rest(row=row, **books.me) == 2
    assert check_rest(row=row, **books.me) == 0
    assert (owed(), RiskCheck.objects.count()) == ([], 3)


def test_what_is_found_becomes_a_hazard_of_the_enterprises_own(books):
    point = enter(books)
    row = RiskRound.objects.get()
    with pytest.raises(Invalid, match="Say what is wrong"):
        check_point(row=row, point=point, result="found", fix_by=TODAY + 3 * DAY, **books.me)
    with pytest.raises(Invalid) as refusal:
        check_point(row=row, point=point, result="found", note="柜门损坏", **books.me)
    assert list(refusal.value.message_dict) == ["fix_by"]
    assert not Hazard.objects.exists()
    done = check_point(
        row=row, point=point, result="found", note="柜门损坏", fix_by=TODAY + 3 * DAY, **books.me
    )
    hazard = Hazard.objects.get()
    assert (hazard.number, hazard.road, hazard.title) == (done.reference, "self", "柜门损坏")
    assert (hazard.site, hazard.spot) == (books.city.hotel, "配电柜 · 一层")
    assert owed() == []
    check_point(row=row, point=point, result="found", note="又一次", fix_by=TODAY + DAY, **books.me)
    assert Hazard.objects.count() == 1


def test_a_new_day_lapses_the_old_round_without_an_alert(books):
    enter(books)
    old = RiskRound.objects.get()
    for days in (1, 2):
        sweep(now=clock.day_start(TODAY + days * DAY))
    assert owed() == [("risk_check_daily", TODAY + 2 * DAY)]
    old.refresh_from_db()
    assert old.lapsed_at == clock.day_start(TODAY + DAY)
    assert set(Obligation.objects.exclude(closed_at=None).values_list("outcome", flat=True)) == {"lapsed"}
    assert not Alert.objects.exists()
    with pytest.raises(Refused):
        check_point(row=old, point=RiskPoint.objects.get(), result="in_order", **books.me)
    assert check_rest(row=old, **books.me) == 0


def test_a_rhythm_that_nothing_has_rests(books):
    row = enter(books)
    change_point(point=row, facts=facts(books, rhythm="monthly"), **books.me)
    assert owed() == [("risk_check_monthly", dt.date(2026, 11, 30))]
    remove_point(point=row, on=TODAY, reason="设备拆除", **books.me)
    assert remove_point(point=row, on=TODAY, reason="设备拆除", **books.me).removed_on == TODAY
    assert owed() == []
    assert list(Duty.objects.values_list("next_opens_at", flat=True)) == [None, None]
    with pytest.raises(Refused):
        change_point(point=row, facts=facts(books), **books.me)
    enter(books)
    assert Duty.objects.filter(next_opens_at__isnull=False).count() == 1


def test_removing_the_last_point_that_is_left_finishes_the_round(books):
    first, second = enter(books), enter(books, name="灶台")
    check_point(row=RiskRound.objects.get(), point=first, result="in_order", **books.me)
    remove_point(point=second, on=TODAY, reason="拆除", **books.me)
    assert Obligation.objects.get().outcome == "met"


def test_the_same_facts_change_nothing(books):
    row = enter(books)
    before = Entry.objects.count()
    change_point(point=row, facts=facts(books), **books.me)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("username", ["rival", "inspector", "bureau", "auditor"])
def test_only_the_enterprises_own_posts_write(books, username):
    row = enter(books)
    stranger = who(books.cast, username, books.now)
    with pytest.raises(NotAllowed):
        enter_point(site=books.city.hotel, facts=facts(books, name="x"), **stranger)
    with pytest.raises(NotAllowed):
        change_point(point=row, facts=facts(books), **stranger)
    with pytest.raises(NotAllowed):
        remove_point(point=row, on=TODAY, reason="x", **stranger)
    with pytest.raises(NotAllowed):
        check_point(row=RiskRound.objects.get(), point=row, result="in_order", **stranger)
    with pytest.raises(NotAllowed):
        check_rest(row=RiskRound.objects.get(), **stranger)


def test_a_point_of_another_site_is_not_part_of_a_round(books):
    enter(books)
    other = enter_point(site=books.city.warehouse, facts=facts(books, name="叉车"), **books.me)
    row = RiskRound.objects.get(site=books.city.hotel)
    with pytest.raises(Refused, match="not part"):
        check_point(row=row, point=other, result="in_order", **books.me)


def test_changed_bands_colour_anew_only_when_told_and_it_is_recorded(books):
    row = enter(books)  # 270: orange
    RiskBand.objects.filter(grade="red").update(at_least=250)
    row.refresh_from_db()
    assert row.grade == "orange"
    said = StringIO()
    call_command("recolour_risk_points", "--dry-run", stdout=said)
    row.refresh_from_db()
    assert (row.grade, said.getvalue().split()[0]) == ("orange", "1")
    assert recolour(actor=None, acting_post=None, now=books.now) == 1
    assert recolour(actor=None, acting_post=None, now=books.now) == 0
    row.refresh_from_db()
    assert row.grade == "red"
    assert Entry.objects.filter(action="risk_point.recolour").count() == 1
