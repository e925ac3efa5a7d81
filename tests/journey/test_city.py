"""The demo city is alive and plausible: its figures, its rungs, its ledger."""

import json
import os
import subprocess
import sys

import pytest

from tests.journey.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journey")]  # one portal for all of it

FIGURES = """
import json
from django.db.models import Count, Q
from django.utils import timezone
from hazards.models import Hazard
from inspections.models import SelfInspection, Visit
from responsibility.models import Alert, Delivery, Obligation
from safegrid.accounts.models import Post, Holding
from safegrid.grid.models import District, Enterprise, Site
now = timezone.now()
closed = Hazard.objects.filter(state="closed")
lately = closed.filter(closed_at__gte=now - timezone.timedelta(days=60))
worse, excellent = Q(district__code="630103000000"), Q(township__code="630102006000")
def share(rows):
    return rows.filter(days_late__lte=0).count() / rows.count()
def found(since, until):
    days = timezone.timedelta
    rows = Hazard.objects.filter(worse, found_at__range=(now - days(days=since), now - days(days=until)))
    return rows.count() / (since - until)
print(json.dumps({
    "enterprises": Enterprise.objects.count(),
    "without_uscc": Enterprise.objects.filter(uscc=None).exclude(no_uscc_reason="").count(),
    "several_sites": Enterprise.objects.annotate(n=Count("sites")).filter(n__gt=1).count(),
    "tenants": Site.objects.exclude(landlord=None).count(),
    "unplaced": Site.objects.filter(district=None).count(),
    "hazards": Hazard.objects.count(),
    "open": Hazard.objects.open().count(),
    "overdue": Hazard.objects.overdue(now).count(),
    "in_time": closed.filter(days_late__lte=0).count() / closed.count(),
    "major": Hazard.objects.filter(grade="major").count(),
    "states": sorted(Hazard.objects.values_list("state", flat=True).distinct()),
    "rungs": sorted(Obligation.objects.open().values_list("rung", flat=True).distinct()),
    "worse": [share(lately.filter(worse)), share(lately.exclude(worse))],
    "worse_found": [found(365, 75), found(75, 0)],
    "excellent": [share(closed.filter(excellent)), Hazard.objects.filter(excellent).overdue(now).count()],
    "recurring": Hazard.objects.values("site", "item_code").annotate(n=Count("pk")).filter(n__gt=1).count(),
    "visits": Visit.objects.count(),
    "self": sorted(SelfInspection.objects.values_list("state", flat=True).distinct()),
    "alerts": Alert.objects.count(),
    "mailed": Delivery.objects.exclude(alert__raised_at__gte=now - timezone.timedelta(days=1)).count(),
    "vacant": Post.objects.exclude(pk__in=Holding.objects.values("post")).count(),
    "divisions": dict(
        District.objects.filter(closed_on=None).order_by().values_list("level").annotate(Count("pk"))),
    "orphans": Hazard.objects.open().exclude(
        pk__in=Obligation.objects.open().filter(subject_type__model="hazard").values("subject_id")).count(),
}))
"""

#: What is wrong in the city on purpose, and what the audit finds; who comes, goes and rests there.
AUDITED = """
import json
from analysis.demo import faults
print(json.dumps({
    "planted": faults.planted(),
    "found": faults.found(),
    "nowhere": [fault.rule for fault in faults.FAULTS if not fault.where()],
}))
"""
SHOWN = """
import json
from django.db.models import Count, Q
from django.utils import timezone
from responsibility.leaders.models import LeaderPeriod
from responsibility.models import Duty, Handover, Obligation, RegulatorQuestion, Transfer, UnitLetter
from responsibility.units.models import UnitReorganisation
from safegrid.accounts.models import Holding, User
from safegrid.grid.models import Enterprise, Site
from safegrid.kernel import clock
today = clock.local_date(timezone.now())
handovers = Handover.objects.order_by("on")
def periods(code):
    rows = LeaderPeriod.objects.filter(is_current=True, leader__unit__code=code).order_by("kind")
    return [[row.kind, row.done, row.owed, row.state] for row in rows]
print(json.dumps({
    "handovers": [[row.post.kind, bool(row.receiver), row.on > today] for row in handovers],
    "sheet": len(handovers.exclude(receiver=None).filter(on__lte=today).get().obligations),
    "left": User.objects.filter(holdings__post__kind="grid_officer").exclude(
        pk__in=Holding.objects.filter(span__contains=today).values("user")).distinct().count(),
    "resting": dict(
        Site.objects.exclude(status__in=("operating", "closed")).order_by().values_list("status")
        .annotate(n=Count("pk"))),
    "owed_at_rest": Obligation.objects.open().filter(
        kind="self_inspection", site__status__in=("suspended", "seasonal")).count(),
    "asleep": Duty.objects.filter(
        site__status__in=("suspended", "seasonal"), kind="self_inspection", next_opens_at=None).count(),
    "renamed": [[row.on.day, row.done_at] for row in UnitReorganisation.objects.all()],
    "ladder": [list(row) for row in UnitLetter.objects.filter(
        unit__code="630103000000-government").order_by("pk").values_list("rung", "state", "skip_reason")],
    "mayor": periods("city_government"),
    "secretary": periods("city_party"),
    "without_accounts": Enterprise.objects.filter(posts=None).count(),
    "asked": RegulatorQuestion.objects.filter(answered_at=None).count(),
    "passed_on": Transfer.objects.annotate(n=Count("legs")).filter(n=2).count(),
}))
"""


@pytest.fixture(scope="module")
def manage(portal, tmp_path_factory):
    """Run `manage.py` against the portal of the journey."""
    from dotenv import dotenv_values

    folder = next(p for p in tmp_path_factory.getbasetemp().glob("journey*/var"))
    environment = os.environ | {k: v for k, v in dotenv_values(folder / "local.env").items() if v}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    return run


@pytest.fixture(scope="module")
def figures(manage):
    return json.loads(manage("shell", "-v0", "-c", FIGURES).strip().splitlines()[-1])


def test_the_grid_is_the_real_tree(figures):
    levels = figures["divisions"]
    assert (levels["city"], levels["district"], levels["township"], levels["community"]) == (1, 7, 80, 1100)
    assert levels["cell"] > 50


def test_the_city_holds_who_the_demo_needs(figures):
    assert figures["enterprises"] >= 300
    assert figures["without_uscc"] == 3  # one of them entered twice
    assert figures["several_sites"] >= 10
    assert figures["tenants"] == 3
    assert figures["vacant"] == 1


def test_shares_are_those_of_a_city_that_works(figures):
    assert 0.90 <= figures["in_time"] <= 0.95
    # Those that nobody has touched are few and certain; how many are open depends on the day.
    assert 0.02 <= figures["overdue"] / figures["open"] <= 0.06
    assert 0 < figures["major"] / figures["hazards"] < 0.01
    assert figures["recurring"] > 20


def test_one_district_gets_worse_and_one_township_is_excellent(figures):
    worse, others = figures["worse"]
    assert worse < others - 0.1
    before, lately = figures["worse_found"]
    assert lately > 2 * before
    assert figures["excellent"] == [1, 0]


def test_hazards_stand_in_every_state_and_on_every_rung(figures):
    states = {"reported", "graded", "rectifying", "to_confirm", "to_accept", "closed", "cancelled"}
    assert set(figures["states"]) == states
    assert set(figures["rungs"]) >= {0, 1, 2, 3, 4, 5}
    assert set(figures["self"]) >= {"due", "filed", "lapsed"}


def test_every_open_hazard_is_owed_by_somebody(figures):
    assert figures["orphans"] == 0


def test_nothing_of_the_past_is_mailed(figures):
    assert figures["alerts"] > 100
    assert figures["mailed"] == 0


@pytest.fixture(scope="module")
def audited(manage):
    """What an audit of the whole city finds, beside what the demo says is wrong in it."""
    manage("audit_coverage")
    return json.loads(manage("shell", "-v0", "-c", AUDITED).strip().splitlines()[-1])


def test_the_audit_finds_exactly_what_is_planted(audited):
    assert audited["found"] == audited["planted"]


def test_every_kind_of_fault_that_the_demo_names_is_there(audited):
    assert audited["nowhere"] == []


@pytest.fixture(scope="module")
def shown(manage):
    return json.loads(manage("shell", "-v0", "-c", SHOWN).strip().splitlines()[-1])


def test_posts_have_changed_hands_and_will_again(shown):
    assert shown["handovers"] == [
        ["officer", True, False],
        ["grid_officer", False, False],
        ["grid_officer", False, False],
        ["grid_officer", True, True],
    ]
    assert shown["sheet"] > 0
    assert shown["left"] == 2


def test_what_is_owed_rests_where_nobody_works(shown):
    assert shown["resting"] == {"suspended": 1, "seasonal": 1}
    assert shown["owed_at_rest"] == 0
    assert shown["asleep"] == 2


def test_a_unit_gets_another_name_on_the_first_of_the_month(shown):
    assert shown["renamed"] == [[1, None]]


def test_one_unit_has_been_written_to_on_every_rung(shown):
    assert shown["ladder"] == [
        ["reminder", "accepted", ""],
        ["urging", "open", ""],
        ["talk", "open", ""],
        ["circular", "open", ""],
    ]


def test_mayor_and_party_secretary_have_done_some_of_it_and_owe_the_rest(shown):
    assert shown["mayor"] == [["check", 1, 2, "running"], ["meeting", 0, 1, "running"]]
    assert shown["secretary"] == [["check", 1, 1, "met"], ["meeting", 0, 1, "running"]]


def test_others_have_no_account_or_no_regulator_yet(shown):
    assert shown["without_accounts"] == 3
    assert shown["asked"] == 1
    assert shown["passed_on"] == 1


def test_the_ledger_proves_itself(manage):
    assert "all agree" in manage("verify_ledger")


def test_a_year_of_work_left_no_count_that_differs_from_its_rows(manage):
    assert "All counts agree" in manage("verify_summaries")


def test_seeding_again_changes_nothing(manage, figures):
    assert "there already" in manage("seed_demo")
