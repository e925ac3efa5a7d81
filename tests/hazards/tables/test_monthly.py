"""Table 2: month and year by place and by industry, by the numbers that tiles and lists show."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.dashboard import queries as dashboard
from analysis.dashboard.figures import Figures
from analysis.dashboard.focus import Focus
from hazards.choices import Grade, State
from hazards.tables.sockets import Figure, figures
from safegrid.accounts.models import User
from tests import factories as make
from tests.leaks import VISITORS, build_world

DAY = dt.timedelta(days=1)
TABLE = "/hazards/tables/?month=2026-11&by="
OWN = ["General hazard found", "General hazard struck off", "Rate, %"]
OWN += ["Major hazard found", "Major hazard struck off", "Rate, %"]


@pytest.fixture
def found(cast, now):
    """Hazards of October and of November, in two districts, of several states and both grades."""
    city = cast.city
    for site in (city.hotel, city.school):
        make.HazardFactory(site=site, matter=city.fire, found_at=now - 2 * DAY)
        make.HazardFactory(
            site=site, matter=city.fire, found_at=now - 3 * DAY, state=State.CLOSED, closed_at=now - DAY
        )
        make.HazardFactory(
            site=site, matter=city.fire, found_at=now - 40 * DAY, state=State.CLOSED, closed_at=now - DAY
        )
        make.HazardFactory(site=site, matter=city.fire, found_at=now - DAY, state=State.CANCELLED)
    make.HazardFactory(site=city.hotel, matter=city.fire, found_at=now - 9 * DAY, grade=Grade.MAJOR)
    # Neither this month nor this year.
    make.HazardFactory(site=city.hotel, matter=city.fire, found_at=now - 400 * DAY)


def by_name(lines):
    """The lines of a sheet by their names, as (month, since January), each by its headings."""
    heads = lines[3][1:]
    half = len(heads) // 2
    return {
        line[0]: (line[1 : half + 1], line[half + 1 :])
        for line in lines[4:]
        if line[0] and "Prepared" not in str(line[0])
    }


def own(cells):
    """The six cells of hazards themselves."""
    return cells[:6]


def test_the_month_and_the_year_by_district(found, sheet, cast):
    lines = sheet(cast.bureau, f"{TABLE}district")
    assert lines[0][0] == "Hazards found and put right, 2026-11"
    assert lines[3][1:7] == OWN
    table = by_name(lines)
    assert own(table["Chengdong District"][0]) == [3, 2, 50, 1, 0, 0]
    assert own(table["Chengdong District"][1]) == [4, 2, pytest.approx(66.7, abs=0.1), 1, 0, 0]
    assert own(table["Chengxi District"][0]) == [3, 2, 50, 0, 0, ""]
    assert own(table["Altogether"][0]) == [6, 4, 50, 1, 0, 0]


def test_by_industry_the_sections_stand_in_their_order(found, sheet, cast):
    table = by_name(sheet(cast.bureau, f"{TABLE}industry"))
    section = cast.city.hotel.industry
    assert list(table) == [section.label, "not known", "Altogether"]  # the school has no industry
    assert sum(own(cells[0])[0] for name, cells in table.items() if name != "Altogether") == 6


@pytest.mark.parametrize("who", ["bureau", "chengdong", "fire", "inspector", "gridofficer"])
def test_tile_list_and_table_show_the_same_number(found, sheet, cast, client, now, who):
    user = getattr(cast, who)
    look = Focus(now=now, days=23)
    assert look.since == dt.date(2026, 11, 1)
    tiles = {tile.key: tile.value for tile in dashboard.tiles(Figures(user, look))}
    table = by_name(sheet(user, f"{TABLE}township"))
    month = [own(cells[0]) for name, cells in table.items() if name != "Altogether"]
    listed = {}
    for key in ("found", "closed"):
        client.force_login(user)
        rows = client.get(f"/api/v1/hazards/?tab=all&{key}_from=2026-11-01&{key}_to=2026-11-30").json()
        listed[key] = len(rows["results"])
    added_up = {
        "found": sum(line[0] + line[3] for line in month),
        "closed": sum(line[1] + line[4] for line in month),
    }
    assert added_up == listed == {key: tiles[key] for key in listed}
    assert added_up["found"] > 0


def test_a_matter_and_a_district_narrow_it(found, sheet, cast):
    make.HazardFactory(site=cast.city.shop, matter=cast.city.gas)
    narrowed = f"{TABLE}district&district={cast.city.chengdong.code}&matter={cast.city.gas.code}"
    table = by_name(sheet(cast.bureau, narrowed))
    assert {name: own(cells[0])[0] for name, cells in table.items()} == {"Chengdong District": 1}


def test_plans_are_counted_by_the_day_of_their_submission(play, sheet, cast):
    play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise", funds=2500)
    lines = sheet(cast.bureau, f"{TABLE}district")
    table = by_name(lines)
    heads = lines[3][1:]
    cells = dict(zip(heads, table["Chengdong District"][0], strict=False))
    assert (cells["Major with a plan"], cells["Funds planned, yuan"]) == (1, 2500)


def test_suspensions_of_work_are_counted_by_the_day_they_began(play, sheet, cast):
    play.act(play.ordered(), "suspend", "inspector")
    play.act(play.ordered(), "take_measure", "inspector")  # a measure on the spot is no suspension
    lines = sheet(cast.bureau, f"{TABLE}district")
    cells = dict(zip(lines[3][1:], by_name(lines)["Chengdong District"][0], strict=False))
    assert cells["Work suspended"] == 1


def test_an_enterprise_with_sites_in_two_districts_is_one_altogether(sheet, cast):
    city = cast.city
    branch = make.SiteFactory(enterprise=city.enterprise, at=city.west_township)
    for site in (city.hotel, branch):
        make.VisitFactory(site=site, matter=city.general, kind="inspection")
    lines = sheet(cast.bureau, f"{TABLE}district")
    at = lines[3].index("Enterprises inspected")
    counts = {line[0]: line[at] for line in lines[4:] if line[0]}
    assert [counts[name] for name in ("Chengdong District", "Chengxi District", "Altogether")] == [1, 1, 1]


def test_inspected_enterprises_are_counted_once_and_patrols_are_none(sheet, cast, now):
    for kind in ("inspection", "inspection", "patrol"):
        make.VisitFactory(site=cast.city.hotel, matter=cast.city.general, kind=kind)
    make.VisitFactory(site=cast.city.shop, matter=cast.city.general, kind="patrol")
    for by, name in (("district", "Chengdong District"), ("industry", None)):
        lines = sheet(cast.bureau, f"{TABLE}{by}")
        at = lines[3].index("Enterprises inspected")
        section = cast.city.hotel.industry
        (line,) = [line for line in lines if line[0] == (name or section.label)]
        assert line[at] == 1


def test_a_figure_that_nobody_records_has_no_column(found, sheet, cast, monkeypatch):
    before = sheet(cast.bureau, f"{TABLE}district")[3]
    assert "Drills" not in before
    drills = Figure("Drills", lambda asked: {cast.city.chengdong.pk: 7})
    monkeypatch.setitem(figures._plugs, "drills", (99, drills))
    lines = sheet(cast.bureau, f"{TABLE}district")
    assert lines[3].count("Drills") == 2
    assert by_name(lines)["Altogether"][0][-1] == 7


def test_no_number_of_another_scope_leaks(sheet, cast, client):
    world = build_world(cast)
    for username in VISITORS:
        user = User.objects.get(username=username)
        readable = len(world.readable("hazards", username))
        client.force_login(user)
        if not user.reach.is_official:
            assert client.get(f"{TABLE}district").status_code == 403, username
            continue
        table = by_name(sheet(user, f"{TABLE}district"))
        months = [own(cells[0]) for name, cells in table.items() if name != "Altogether"]
        assert sum(line[0] + line[3] for line in months) == readable, username


def test_a_month_that_is_not_understood_is_said_at_its_field(cast, client):
    client.force_login(cast.bureau)
    for month, words in (("x", "Write the month as"), ("2027-01", "has not begun"), ("", "required")):
        answer = client.get(f"/hazards/tables/?month={month}&by=district")
        assert answer.status_code == 422, json.dumps(month)
        assert words in answer.text


def test_it_costs_the_same_for_many(found, client, cast):
    client.force_login(cast.bureau)
    for by in ("district", "township", "industry"):

        def cost(by=by):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{TABLE}{by}").getvalue()
            return len(queries)

        cost()
        few = cost()
        for site in (cast.city.hotel, cast.city.shop, cast.city.school):
            make.HazardFactory(site=site, matter=cast.city.general, grade=Grade.MAJOR)
        assert cost() == few, by
