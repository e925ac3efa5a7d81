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
    assert figures["without_uscc"] == 2
    assert figures["several_sites"] >= 10
    assert figures["tenants"] == 3
    assert figures["vacant"] == 1


def test_shares_are_those_of_a_city_that_works(figures):
    assert 0.90 <= figures["in_time"] <= 0.95
    assert 0.03 <= figures["overdue"] / figures["open"] <= 0.06
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


def test_the_ledger_proves_itself(manage):
    assert "all agree" in manage("verify_ledger")


def test_a_year_of_work_left_no_count_that_differs_from_its_rows(manage):
    assert "All counts agree" in manage("verify_summaries")


def test_seeding_again_changes_nothing(manage, figures):
    assert "there already" in manage("seed_demo")
