"""Tables 1 and 3: every column from the work itself, exactly the rows of the list, within the scope."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.choices import Grade, Source
from hazards.models import Hazard
from hazards.tables.sockets import Fact, facts
from safegrid.accounts.models import User
from tests import factories as make
from tests.hazards.conftest import DAY
from tests.hazards.ledgers import HOTEL, brought
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
        "Place when it was found / District": "Chengdong District",
        "Place when it was found / Township": cast.city.hotel.township.label,
        "Place when it was found / Grid cell": cast.city.hotel.cell.label,
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


def test_what_was_put_right_in_front_of_the_officer_was_done_and_seen_that_day(play, sheet, cast):
    hazard = play.found()
    play.now += 2 * DAY
    play.act(hazard, "fixed_at_once", "inspector2", note="当场清理")
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    looked = {name.split(" / ")[1]: value for name, value in line.items() if name.startswith("Re-")}
    assert looked == {
        "Re-inspected by": str(cast.inspector2),
        "Date": play.day(0),
        "Conclusion": "Put right on the spot: 当场清理",
    }
    assert (line["Done"], line["Struck off"]) == (play.day(0), play.day(0))


def test_a_hazard_of_a_visit_names_its_officers_and_the_article_of_its_item(play, sheet, cast):
    hazard = play.found()
    visit = make.VisitFactory(site=cast.city.hotel, matter=cast.city.fire)
    for user in ("inspector", "inspector2"):
        make.VisitOfficerFactory(visit=visit, user=getattr(cast, user), post=cast.posts[user])
    item = make.ChecklistItemFactory(basis="消防法第二十八条", basis_en="Fire Protection Law, Art. 28")
    visit.items.create(item=item, result="not_ok", hazard=hazard)
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    assert line["Basis"] == "Fire Protection Law, Art. 28"
    assert line["How it was found / Inspector"] == f"{cast.inspector.name}、{cast.inspector2.name}"
    own = play.own()
    inspection = make.SelfInspectionFactory(site=cast.city.hotel)
    make.AnswerFactory(inspection=inspection, item=item, result="not_ok", hazard=own)
    assert cells(sheet(cast.enterprise, LEDGER), own.number)["Basis"] == "Fire Protection Law, Art. 28"


def test_a_hazard_is_told_where_it_was_found_though_the_site_has_moved(play, sheet, cast):
    hazard = play.found()
    old = cast.city.hotel
    Hazard.objects.filter(pk=hazard.pk).update(**cast.city.school.place_ids)
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    place = {name.split(" / ")[1]: value for name, value in line.items() if name.startswith("Place when")}
    assert place == {"District": old.district.label, "Township": old.township.label}


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


def test_both_reports_of_a_major_hazard_and_the_resumption_of_work_are_in_the_list(play, sheet, cast):
    major = play.ordered(grade=Grade.MAJOR)
    names = {"Reported / To the regulator", "Reported / To the workers' congress", "Work resumed"}
    assert not names & set(cells(sheet(cast.bureau, MAJOR), major.number))
    play.act(major, "tell_major", "enterprise", told_regulator_on=play.day(-1))
    play.act(major, "suspend", "inspector")
    line = cells(sheet(cast.bureau, MAJOR), major.number)
    assert {name: line[name] for name in names} == {
        "Reported / To the regulator": play.day(-1),
        "Reported / To the workers' congress": play.day(0),
        "Work resumed": "not yet",
    }
    play.now += 2 * DAY
    play.play(major, [("ask_resume", "enterprise"), ("consent_resume", "inspector2")])
    assert cells(sheet(cast.bureau, MAJOR), major.number)["Work resumed"] == play.day(0)


OFFICES_HEAD = [
    *("企业名称", "场所", "隐患内容", "隐患等级", "检查日期", "隐患来源", "检查单位", "检查人员"),
    *("整改期限", "整改责任人", "整改资金", "整改情况", "整改完成日期", "复查人", "销号日期", "复查结论"),
]
FOUND_HOW = {"source": "专项检查", "unit": "区应急局", "inspector": "王强"}


def office_row(**changed):
    """A row of an office's ledger that says how it ended, too."""
    cells = {
        "name": HOTEL,
        "site": "恒盛宾馆",
        "title": "电线裸露",
        "grade": "一般",
        "found": "2026.10.8",
        **FOUND_HOW,
        "due": "2026.10.20",
        "person": "李海",
        "funds": "0.5万元",
        "state": "已整改",
        "done": "2026.10.22",
        "acceptor": "赵敏",
        "closed": "2026.10.25",
        "conclusion": "合格",
    }
    return list((cells | changed).values())


TOLD = {
    "How it was found / Source": "专项检查",
    "How it was found / Inspecting unit": "区应急局",
    "How it was found / Inspector": "王强",
    "How it was found / Date found": dt.date(2026, 10, 8),
    "What is to be done / Responsible person": "李海",
    "What is to be done / Funds, yuan": "0.5万元",
    "What is to be done / First deadline": dt.date(2026, 10, 20),
    "Done": dt.date(2026, 10, 22),
    "Re-inspection / Re-inspected by": "赵敏",
    "Re-inspection / Date": dt.date(2026, 10, 25),
    "Re-inspection / Conclusion": "合格",
    "Struck off": dt.date(2026, 10, 25),
    "Days over": 2,
}


def test_what_a_ledger_told_is_in_the_ledger_that_is_handed_up(play, sheet, cast):
    rows = [office_row(), office_row(title="门锁损坏", acceptor="", conclusion="", done="")]
    brought(cast, [OFFICES_HEAD, *rows], now=play.now)
    whole, scant = Hazard.objects.order_by("pk")
    for reader in (cast.bureau, cast.enterprise):
        line = cells(sheet(reader, LEDGER), whole.number)
        assert {name: line.get(name) for name in TOLD} == TOLD, reader
    line = cells(sheet(cast.bureau, LEDGER), scant.number)
    named = {
        name.split(" / ")[-1]: value for name, value in line.items() if name not in TOLD or "Re-" in name
    }
    assert (named.get("Re-inspected by"), named["Date"]) == (None, dt.date(2026, 10, 25))
    assert named["Conclusion"] == "Closed, as the ledger says"
    assert "Done" not in line


def test_what_is_done_here_stands_before_what_a_ledger_told(play, sheet, cast):
    brought(cast, [OFFICES_HEAD, office_row(grade="重大")], now=play.now)
    hazard = Hazard.objects.get()
    play.act(hazard, "reopen", "inspector", due_on=play.day(9))
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    assert ("Done" in line, line["Re-inspection / Conclusion"]) == (False, "合格")
    play.play(hazard, [("plan", "enterprise"), ("submit", "enterprise"), ("accept", "inspector2")])
    line = cells(sheet(cast.bureau, LEDGER), hazard.number)
    looked = [line[f"Re-inspection / {name}"] for name in ("Re-inspected by", "Date", "Conclusion")]
    assert looked == [str(cast.inspector2), play.day(0), "Accepted: 说明"]
    asked = [line[f"What is to be done / {name}"] for name in ("Responsible person", "Funds, yuan")]
    assert (asked, line["Done"]) == (["马明", 1000], play.day(0))


@pytest.mark.parametrize("source", ["群众举报", "12345热线检查", "市局转办"])
def test_an_enterprise_never_reads_in_a_ledger_who_reported_it(play, sheet, cast, client, source):
    brought(cast, [OFFICES_HEAD, office_row(source=source, inspector="热心人")], now=play.now)
    hazard = Hazard.objects.get()
    for user, is_told in ((cast.bureau, True), (cast.inspector, True), (cast.enterprise, False)):
        line = cells(sheet(user, LEDGER), hazard.number)
        found = {name.split(" / ")[1]: value for name, value in line.items() if name.startswith("How it")}
        assert found.pop("Date found") == dt.date(2026, 10, 8)
        told = {"Source": source, "Inspecting unit": "区应急局", "Inspector": "热心人"}
        assert found == (told if is_told else {"Source": "Import"}), user
        client.force_login(user)
        page = client.get(f"/hazards/{hazard.number}/").text
        assert [words in page for words in (source, "热心人")] == [is_told] * 2, user
        assert "赵敏" in page


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
    brought(cast, [OFFICES_HEAD, office_row(grade="重大")], now=play.now)
    cost()
    few = cost()
    brought(cast, [OFFICES_HEAD, *(office_row(title=f"第{n}处") for n in range(5))], now=play.now)
    for site in (cast.city.hotel, cast.city.shop, cast.city.school):
        make.HazardFactory(number=f"N{site.pk}", site=site, matter=cast.city.general, grade=Grade.MAJOR)
    play.act(play.ordered(grade=Grade.MAJOR), "plan", "enterprise")
    assert cost() == few
