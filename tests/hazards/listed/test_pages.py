"""The panel on a hazard's page and the forms of listing, as people use them."""

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hazards.listed.models import ListedSupervision, ListingRule, ProgressReport
from safegrid.accounts.models import User
from tests.hazards.conftest import photo
from tests.leaks import ANONYMOUS, VISITORS, build_world


def text_of(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def url(hazard, action=None):
    page = f"/hazards/{hazard.number}/"
    return page if action is None else f"{page}listed/{action}/" if action else f"{page}listed/"


@pytest.fixture
def at(play):
    def sign_in(name, language="en"):
        client = Client(headers={"accept-language": language})
        client.force_login(play.person(name))
        return client

    return sign_in


def links(page, hazard):
    return re.findall(rf'href="{url(hazard, "")}([a-z_]*)/?"', page.text)


def sent(row, **fields):
    row = ListedSupervision.objects.get(pk=row.pk)
    return {"listing": row.pk, "version": row.version, "note": "已核实"} | fields


def test_from_the_listing_to_the_spot_check_as_people_do_it(board, play, at):
    hazard = board.major()
    office, enterprise = at("bureau"), at("enterprise")
    assert links(office.get(url(hazard)), hazard) == [""]
    form = office.get(url(hazard, ""))
    assert "City: until 2027-02-21, a report every 15 days" in text_of(form)
    given = {"level": "city", "due_on": "", "report_days": "", "note": "高度危险"}
    assert office.post(url(hazard, ""), given)["Location"] == url(hazard)
    again = office.post(url(hazard, ""), given, follow=True)
    assert "nothing was done twice" in text_of(again)
    row = ListedSupervision.objects.get()
    assert "Listed: City" in text_of(enterprise.get(url(hazard)))
    assert "List at a higher level" in office.get(url(hazard)).text  # what the province lists, it enters
    assert links(enterprise.get(url(hazard)), hazard) == ["report"]
    for _ in range(2):
        answer = enterprise.post(url(hazard, "report"), sent(row, version=1, note="已采购设备"), follow=True)
    assert "nothing was done twice" in text_of(answer)
    assert "已采购设备" in answer.text
    assert ProgressReport.objects.count() == 1
    play.play(hazard, [("plan", "enterprise"), ("submit", "enterprise"), ("accept", "inspector")])
    for by, action in (
        ("enterprise", "ask"),
        ("inspector", "check"),
        ("inspector2", "accept"),
        ("bureau", "approve"),
        ("inspector", "confirm"),
    ):
        assert at(by).post(url(hazard, action), sent(row))["Location"] == url(hazard), action
    page = at("auditor").get(url(hazard))
    assert "Delisted and spot-checked" in text_of(page)
    assert links(page, hazard) == []


def test_what_others_do_is_greyed_with_the_reason(board, at):
    row = board.listed()
    said = text_of(at("inspector").get(url(row.hazard)))
    assert "Ask for delisting first the rectification is submitted, with photos" in said
    assert "Withdraw the listing the body that listed it does this" in said


def test_a_general_hazard_has_no_panel_and_a_major_one_only_for_who_may_list(board, play, at):
    general, major = play.ordered(), board.major()
    for name, hazard, shown in (
        ("bureau", general, False),
        ("bureau", major, True),
        ("inspector", major, False),
        ("enterprise", major, False),
    ):
        assert ("Listed supervision" in at(name).get(url(hazard)).text) is shown, name
    for name in ("inspector", "enterprise"):
        assert at(name).get(url(major, "")).status_code == 403
    assert at("bureau").get(url(general, ""))["Location"] == url(general)
    assert at("bureau").get(url(major, "report")).status_code == 404  # it is on no list


def test_wrong_input_is_said_at_its_field_and_nothing_typed_is_lost(board, play, at):
    hazard = board.major()
    given = {"level": "district", "due_on": "2026-01-01", "report_days": "0", "note": "写了很多"}
    answer = at("bureau").post(url(hazard, ""), given)
    assert answer.status_code == 422
    assert "写了很多" in answer.text
    answer = at("bureau").post(url(hazard, ""), given | {"level": "city", "report_days": ""})
    assert answer.status_code == 422
    assert "This day is over. Choose today or later." in text_of(answer)
    assert not ListedSupervision.objects.exists()
    row = board.asked()
    answer = at("bureau").post(url(row.hazard, "send_back"), sent(row, note="还有问题", due_on=""))
    assert answer.status_code == 422
    assert "还有问题" in answer.text
    answer = at("inspector").post(url(row.hazard, "check"), sent(row, version=1, note="没问题"))
    assert answer.status_code == 422
    assert "has moved on since you opened it: Delisting asked for, Enterprise" in text_of(answer)
    assert "没问题" in answer.text
    assert board.fresh(row).state == "asked"


def test_for_who_does_not_see_the_hazard_there_is_no_page(board, at):
    row = board.listed()
    for name in ("rival", "chengxi", "gas", "fire", "admin"):
        for action in (None, "", "report", "approve"):
            assert at(name).get(url(row.hazard, action)).status_code == 404, (name, action)
        assert at(name).post(url(row.hazard, "approve"), sent(row)).status_code == 404
    assert at("bureau").get(url(row.hazard, "explode")).status_code == 404
    assert at("inspector").post(url(row.hazard, "withdraw"), sent(row)).status_code == 403


@pytest.mark.parametrize("name", VISITORS)
def test_a_listing_is_seen_by_exactly_those_who_see_its_hazard(cast, name):
    world = build_world(cast)
    user, rows = User.objects.get(username=name), world.rows["listings"]
    wanted = {rows[spot] for spot in world.readable("hazards", name) & set(rows)}
    assert set(ListedSupervision.objects.visible_to(user)) == wanted
    assert not ListedSupervision.objects.visible_to(ANONYMOUS).exists()


def test_the_panel_costs_the_same_with_many_reports_and_listings(board, play, at):
    row = board.listed()
    board.act(row, "report", "enterprise")

    def cost(name):
        with CaptureQueriesContext(connection) as queries:
            assert at(name).get(url(row.hazard)).status_code == 200
        return len(queries)

    names = ("bureau", "enterprise", "inspector")
    few = {name: (cost(name), cost(name))[1] for name in names}
    for _ in range(3):
        board.act(row, "withdraw", "bureau")
        row = board.listed(hazard=row.hazard)
        for _ in range(3):
            board.act(row, "report", "enterprise")
    assert {name: cost(name) for name in names} == few


def test_the_page_is_chinese_too(board, at):
    row = board.asked()
    said = text_of(at("bureau", "zh-hans").get(url(row.hazard)))
    assert "挂牌督办：市级" in said
    assert "已申请摘牌" in said
    assert "退回" in said
    form = text_of(at("inspector", "zh-hans").get(url(row.hazard, "check")))
    assert "核查情况" in form


def test_the_rules_are_kept_in_the_admin_and_each_change_is_recorded(board, play, at):
    rule = ListingRule.objects.get(level="city")
    page = at("admin").get(f"/admin/hazards/listingrule/{rule.pk}/change/")
    assert page.status_code == 200
    assert "安全生产法第四十一条" in page.text


def test_loading_again_keeps_what_the_office_has_made_of_it(policies, now):
    from responsibility.policies import load_policies

    ListingRule.objects.filter(level="city").update(report_days=7)
    load_policies(today=now.date())
    assert list(ListingRule.objects.order_by("days").values_list("level", "report_days")) == [
        ("district", 15),
        ("city", 7),
        ("province", 30),
    ]


def test_on_the_page_a_higher_level_takes_it_over_once(board, at):
    row = board.listed("chengdong", level="district")
    office, head = at("bureau"), at("chengdong")
    assert "List at a higher level" not in head.get(url(row.hazard)).text
    form = office.get(url(row.hazard, ""))
    assert "The listing of the lower level ends with it" in text_of(form)
    assert set(re.findall(r'name="level" value="([a-z]+)"', re.sub(r"\s+", " ", form.text))) <= {
        "city",
        "province",
    }
    given = {"level": "city", "due_on": "", "report_days": "", "note": "提级"}
    assert office.post(url(row.hazard, ""), given)["Location"] == url(row.hazard)
    assert "nothing was done twice" in text_of(office.post(url(row.hazard, ""), given, follow=True))
    assert ListedSupervision.objects.count() == 2
    assert "Taken over by a higher level" in office.get(url(row.hazard)).text
    assert "It is listed already" in text_of(head.get(url(row.hazard, ""), follow=True))


def test_a_photo_sent_with_a_report_stands_beside_it_also_when_the_text_was_missing(board, play, at):
    row = board.listed()
    picture = photo(play.cast.enterprise, play.now)
    enterprise = at("enterprise")
    refused = enterprise.post(url(row.hazard, "report"), sent(row, note="", photos=str(picture.pk)))
    assert refused.status_code == 422
    assert str(picture.pk) in refused.text
    done = enterprise.post(url(row.hazard, "report"), sent(row, photos=str(picture.pk)), follow=True)
    assert str(picture.pk) in done.text.split('id="listed"')[1]
    assert ProgressReport.objects.get().text == "已核实"
