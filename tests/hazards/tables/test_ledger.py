"""Tables 1 and 3: every column from the work itself, exactly the rows of the list, within the scope."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.choices import Grade, Source
from hazards.tables.sockets import Fact, facts
from safegrid.accounts.models import User
from tests import factories as make
from tests.hazards.conftest import DAY
from tests.leaks import VISITORS, build_world

LIST = "/hazards/"
LEDGER = f"{LIST}?tab=all&format=ledger"
MAJOR = f"{LIST}?tab=all&format=major"


def cells(lines, number):
    """The line of a hazard by the headings over it, the upper one before the lower one."""
    above = ""
    names = []
    for upper, lower in zip(lines[2], lines[3], strict=True):
        above = upper or above
        names.append(f"{above} / {lower}" if lower else above)
    (line,) = [line for line in lines if number in line]
    return {name: value for name, value in zip(names, line, strict=True) if value != ""}


def test_the_ledger_tells_a_hazard_from_finding_to_striking_off(play, sheet, cast):
    play.cast.city.enterprise.principal, play.cast.city.enterprise.phone = "马明", "0971-1"
    play.cast.city.enterprise.save()
    hazard = play.found(spot="二楼", description="=1+1")
    play.act(hazard, "grade", "inspector", grade=Grade.MAJOR, major_basis="判定标准第三条")
    play.act(hazard, "order", "inspector", due_on=play.day(5))
    play.act(hazard, "plan", "enterprise")
    late = play.now + dt.timedelta(days=8)
    play.act(hazard, "submit", "enterprise", now=late)
    play.act(hazard, "accept", "inspector2", now=late, note="现场合格")
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    assert line == {
        "No.": 1,
        "Number": hazard.number,
        "Enterprise": cast.city.enterprise.name_en,
        "USCC": cast.city.enterprise.uscc,
        "Place / District": "Chengdong District",
        "Place / Township": cast.city.hotel.township.label,
        "Place / Grid cell": cast.city.hotel.cell.label,
        "Industry": cast.city.hotel.industry.label,
        "How it was found / Source": "Inspection",
        "How it was found / Inspecting unit": cast.posts["inspector"].unit.label,
        "How it was found / Inspector": str(cast.inspector),
        "How it was found / Date found": play.day(0),
        "Place and description": "恒盛宾馆\n二楼\n疏散通道被堵塞\n=1+1",
        "Category": "Fire protection",
        "Grade": "Major hazard",
        "Basis": "判定标准第三条",
        "What is to be done / Measures": "清理通道",
        "What is to be done / Responsible person": "马明",
        "What is to be done / Telephone": "0971-1",
        "What is to be done / Funds, yuan": 1000,
        "What is to be done / First deadline": play.day(5),
        "What is to be done / Present deadline": play.day(5),
        "Done": late.date(),
        "Re-inspection / Re-inspected by": str(cast.inspector2),
        "Re-inspection / Date": late.date(),
        "Re-inspection / Conclusion": "Accepted: 现场合格",
        "Struck off": late.date(),
        "Days over": 3,
    }


def test_what_is_not_known_yet_stays_empty(play, sheet, cast):
    hazard = play.found()
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    later = ("Re-inspection", "Done", "Struck off", "Days over")
    assert [name for name in line if name.startswith(later)] == []
    assert {name for name in line if name.startswith("What is to be done")} == {
        "What is to be done / Responsible person",
        "What is to be done / Telephone",
    }


def test_the_list_of_major_hazards_shows_the_plan_and_what_others_plug_in(play, sheet, cast, monkeypatch):
    major = play.ordered(grade=Grade.MAJOR)
    play.act(major, "plan", "enterprise")
    play.ordered()
    lines = sheet(cast.bureau, MAJOR)
    assert [line[0] for line in lines if isinstance(line[0], float)] == [1]
    line = cells(lines, major.number)
    plan = {name.split(" / ")[1]: value for name, value in line.items() if name.startswith("The plan")}
    assert plan == {
        "Responsibility": "马明",
        "Measures": "改造",
        "Funds, yuan": 1000,
        "To be done by": play.day(2),
        "Contingency plan": "停业疏散",
    }
    assert line["Article that makes it major"] == "判定标准第三条"
    assert "Listed by" not in line
    monkeypatch.setitem(facts._plugs, "listed", (1, Fact(lambda ids, user: {ids[0]: "市级"})))
    assert cells(sheet(cast.bureau, MAJOR), major.number)["Listed by"] == "市级"


def test_the_report_to_the_regulator_and_the_resumption_of_work_are_in_the_list(play, sheet, cast):
    major = play.ordered(grade=Grade.MAJOR)
    names = {"Reported", "Work resumed"}
    assert not names & set(cells(sheet(cast.bureau, MAJOR), major.number))
    play.act(major, "tell_major", "enterprise")
    play.act(major, "suspend", "inspector")
    line = cells(sheet(cast.bureau, MAJOR), major.number)
    assert (line["Reported"], line["Work resumed"]) == (play.day(0), "not yet")
    play.now += 2 * DAY
    play.play(major, [("ask_resume", "enterprise"), ("consent_resume", "inspector2")])
    assert cells(sheet(cast.bureau, MAJOR), major.number)["Work resumed"] == play.day(0)


def test_an_enterprise_never_reads_that_somebody_reported_it(play, sheet, cast, client):
    hazard = play.found(source=Source.PUBLIC)
    assert cells(sheet(cast.bureau, LEDGER), hazard.number)["How it was found / Source"] == "Public report"
    assert cells(sheet(cast.enterprise, LEDGER), hazard.number)["How it was found / Source"] == "Inspection"
    for user, is_told in ((cast.bureau, True), (cast.enterprise, False)):
        client.force_login(user)
        assert ("Public report" in client.get(f"/hazards/{hazard.number}/").text) is is_told


@pytest.mark.parametrize("url", [LEDGER, MAJOR])
def test_no_table_leaks(sheet, cast, url):
    world = build_world(cast)
    listed = {spot: row for spot, row in world.rows["hazards"].items() if row.is_shared or url == LEDGER}
    for row in listed.values():
        if row.is_shared:  # what an enterprise found itself is not major
            row.grade, row.major_basis = Grade.MAJOR, "判定标准"
            row.save()
    for username in VISITORS:
        text = str(sheet(User.objects.get(username=username), url))
        shown = {spot for spot, row in world.rows["hazards"].items() if row.number in text}
        assert shown == world.readable("hazards", username) & set(listed), username


def test_filters_and_views_of_the_list_apply_and_nothing_else_is_shown(play, sheet, cast, client):
    kept, other = play.found(title="甲处裸线"), play.found(title="乙处裸线", source=Source.PATROL)
    shown = str(sheet(cast.bureau, f"{LIST}?tab=open&q=甲处&format=ledger"))
    assert kept.number in shown
    assert other.number not in shown
    assert client.get(f"{LIST}?format=ledger&due_from=x").status_code == 400


@pytest.mark.parametrize("url", [LEDGER, MAJOR])
def test_a_table_costs_the_same_for_many(play, client, cast, url):
    client.force_login(cast.bureau)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url).getvalue()
        return len(queries)

    play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise")
    cost()
    few = cost()
    for site in (cast.city.hotel, cast.city.shop, cast.city.school):
        make.HazardFactory(number=f"N{site.pk}", site=site, matter=cast.city.general, grade=Grade.MAJOR)
    play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise")
    assert cost() == few
