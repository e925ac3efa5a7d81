"""A public report from its arrival to its answer: whose move it is, and who may make it."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hazards.choices import Road, Source
from hazards.models import Hazard
from hazards.reports import reporter, sealing
from hazards.reports.choices import Contact, Finding, ReportState, Via
from hazards.reports.handling import locate
from hazards.reports.lifecycle import MACHINE
from hazards.reports.models import NO_DEADLINE, Report, Reporter
from responsibility.assignments.choices import Line, Tier
from responsibility.assignments.models import Assignment
from responsibility.models import Obligation
from responsibility.obligations.services import about
from responsibility.transfers.services import accept, propose
from safegrid.audit.models import Entry
from safegrid.grid.models import Enterprise
from safegrid.kernel.refusals import Invalid, NotAllowed, Refused, Stale
from tests import factories as make
from tests.files.photos import upload
from tests.hazards.reports.conftest import text_of

OFFICIALS = ["bureau", "chengdong", "inspector", "fire", "gridofficer", "auditor"]
NOT_THEIRS = ["enterprise", "principal", "rival", "chengxi", "gas", "admin"]


def assigned(**given):
    Assignment.objects.create(span=(dt.date(2020, 1, 1), None), **given)


def owed(report):
    return {(row.kind, row.debtor_post.title) for row in about(report).open().select_related("debtor_post")}


# -- whose it is ------------------------------------------------------------------------------------


def test_without_anybody_who_answers_the_office_takes_it_up(desk):
    report = desk.received()
    assert (report.unit, report.post) == (desk.cast.city.office, desk.cast.posts["bureau"])
    assert owed(report) == {("report_triage", "安委办岗")}
    assert report.due_on == dt.date(2026, 11, 25)  # two working days


@pytest.mark.parametrize(
    ("line", "matter", "answers", "takes"),
    [
        (Line.INDUSTRY, "fire", "fire", "fire"),
        (Line.TERRITORIAL, "general", "inspector", "bureau"),  # it is about fire
        (Line.TERRITORIAL, "fire", "inspector", "inspector"),
        (Line.COMPREHENSIVE, "fire", "bureau", "bureau"),
        (Line.TERRITORIAL, "fire", "chengdong", "chengdong"),  # nobody else works in the government
    ],
)
def test_the_responsibility_rule_proposes_whose_it_is(desk, line, matter, answers, takes):
    city = desk.cast.city
    assigned(
        post=desk.cast.posts[answers],
        line=line,
        tier=Tier.LEAD,
        matter=getattr(city, matter),
        district=city.chengdong,
    )
    assert desk.received().post == desk.cast.posts[takes]


def test_the_rule_holds_where_there_is_no_site(desk):
    city = desk.cast.city
    assigned(
        post=desk.cast.posts["inspector"],
        line=Line.TERRITORIAL,
        tier=Tier.LEAD,
        matter=city.general,
        district=city.township,
    )
    assert desk.received(site=None, district=city.cell, matter=city.general).post.title == "执法一岗"
    assert desk.received(site=None, district=city.chengxi, matter=city.general).post.title == "安委办岗"


def test_no_enterprise_sees_it_or_anything_owed_about_it(desk):
    report = desk.received()
    for name in NOT_THEIRS:
        user = getattr(desk.cast, name)
        assert not Report.objects.visible_to(user).exists(), name
        assert not about(report).filter(pk__in=Obligation.objects.visible_to(user)).exists(), name
        assert desk.page(report, name).status_code == 404, name
    for name in OFFICIALS:
        assert desk.page(report, name).status_code == 200, name


# -- its way ---------------------------------------------------------------------------------------


def test_from_its_arrival_to_its_answer(desk, passer):
    report = desk.accepted()
    assert owed(report) == {("report_verify", "执法一岗")}
    report = desk.act(report, "raise_hazard", "inspector")
    hazard = Hazard.objects.get()
    assert (report.finding, report.hazard) == (Finding.RAISED, hazard)
    assert (hazard.source, hazard.road, hazard.title) == (Source.PUBLIC, Road.ORDERED, "疏散通道上锁")
    assert hazard.found_by == desk.cast.inspector
    assert owed(report) == {("report_feedback", "执法一岗")}
    assert report.due_on == dt.date(2026, 12, 3)  # ten days after the verification
    report = desk.act(report, "feedback", "inspector")
    assert (report.state, report.due_on, owed(report)) == (ReportState.ANSWERED, NO_DEADLINE, set())
    text = text_of(passer.look_up(report.tracking))
    assert "已核查，谢谢您的举报。" in text
    assert not any(word in text for word in ("执法一", "恒盛", hazard.number, "现场核实"))


def test_a_report_is_joined_to_a_hazard_that_is_known(desk):
    known = make.HazardFactory(
        site=desk.cast.city.hotel, matter=desk.cast.city.crowded, number="XN-2026-900001"
    )
    report = desk.act(desk.accepted(), "join", "inspector", hazard=known.number.lower())
    assert (report.finding, report.hazard) == (Finding.JOINED, known)
    assert Hazard.objects.count() == 1


def test_it_is_joined_only_to_what_one_sees_and_at_its_site(desk):
    west = make.HazardFactory(site=desk.cast.city.school, matter=desk.cast.city.fire)
    other = make.HazardFactory(site=desk.cast.city.shop, matter=desk.cast.city.gas)
    report = desk.accepted()
    for number in (west.number, other.number, "XN-2026-999999"):
        with pytest.raises(Invalid):
            desk.act(report, "join", "inspector", hazard=number)
    assert Report.objects.get().finding == ""


def test_nothing_found_and_not_followed_up_are_told_too(desk, passer):
    nothing = desk.act(desk.accepted(), "unfounded", "inspector")
    assert (nothing.finding, owed(nothing)) == ("unfounded", {("report_feedback", "执法一岗")})
    rejected = desk.act(desk.received(), "reject", "bureau", feedback="不属于安全生产事项。")
    assert owed(rejected) == set()
    text = text_of(passer.look_up(rejected.tracking))
    assert "It is not followed up, for the reason below. 不属于安全生产事项。" in text


BODY = {"bureau", "inspector", "inspector2"}


ALLOWED = {
    "accept": {"bureau", "chengdong", "inspector", "inspector2", "fire"},
    # Of the body that deals with it are both inspectors, and gas, who does not reach it.
    **dict.fromkeys(("raise_hazard", "join", "unfounded", "feedback", "reject"), BODY),
}
WAYS = {
    ReportState.RECEIVED: [],
    ReportState.ACCEPTED: ["accept"],
    ReportState.VERIFIED: ["accept", "unfounded"],
    ReportState.ANSWERED: ["accept", "unfounded", "feedback"],
    ReportState.REJECTED: ["accept", "reject"],
}


@pytest.mark.parametrize("state", WAYS)
def test_every_move_is_for_its_people_only_and_a_refusal_changes_nothing(desk, state):
    """Exhaustive over the table: each move out of each state, each person."""
    known = make.HazardFactory(
        site=desk.cast.city.hotel, matter=desk.cast.city.crowded, number="XN-2026-900001"
    )
    report = desk.received()
    for step in WAYS[state]:
        report = desk.act(report, step, "inspector")
    Report.objects.filter(pk=report.pk).update(unit=desk.cast.city.emergency)
    before = Report.objects.values().get()
    entries = Entry.objects.count()
    moves = {move.action: state in move.sources for move in MACHINE}
    for action, exists in moves.items():
        done = set()
        for name in [*OFFICIALS, *NOT_THEIRS, "inspector2"] if exists else ["inspector"]:
            with transaction.atomic():
                try:
                    desk.act(report, action, name, hazard=known.number)
                except (NotAllowed, Refused):
                    assert Report.objects.values().get() == before
                    assert Entry.objects.count() == entries
                else:
                    done.add(name)
                transaction.set_rollback(True)
        assert done == (ALLOWED[action] if exists else set()), action


def test_a_stale_move_changes_nothing(desk):
    report = desk.received()
    desk.act(report, "accept", "inspector")
    with pytest.raises(Stale):
        desk.act(report, "unfounded", "inspector", version=1)


def test_what_is_registered_can_be_an_item_of_the_checklist_by_which_it_recurs(desk):
    city = desk.cast.city
    item = make.ChecklistItemFactory(checklist=make.ChecklistFactory(code="inspection"), matter=city.general)
    report = desk.accepted()
    with pytest.raises(Invalid) as refusal:
        desk.act(report, "raise_hazard", "inspector", item="of-another-site")
    assert set(refusal.value.message_dict) == {"item"}
    url = reverse("hazards:report_act", args=[report.number, "raise_hazard"])
    assert f'value="{item.code}"' in desk.browser("inspector").get(url).text
    desk.act(report, "raise_hazard", "inspector", item=item.code)
    assert Hazard.objects.get().item_code == item.code


def test_who_comes_too_late_is_told_what_happened_who_did_it_and_when(desk):
    report = desk.accepted()
    desk.act(report, "unfounded", "inspector2")
    with pytest.raises(Stale) as late:
        desk.act(report, "raise_hazard", "inspector", version=report.version)
    assert str(late.value).startswith(
        f"{report.number} has moved on since you opened it: Verified: nothing of it was found, Inspector2 · "
    )
    assert "2026-11-23 10:00" in str(late.value)


def test_what_is_needed_is_said_beside_the_field(desk):
    report = desk.accepted()
    with pytest.raises(Invalid) as refusal:
        desk.act(report, "raise_hazard", "inspector", title=" ", note="")
    assert set(refusal.value.message_dict) == {"title", "note"}
    assert Report.objects.get().state == ReportState.ACCEPTED


# -- the site ---------------------------------------------------------------------------------------


def test_a_hazard_needs_a_site_and_the_report_moves_to_it(desk):
    city = desk.cast.city
    report = desk.accepted(by="bureau", site=None, district=city.chengxi, matter=city.general)
    with pytest.raises(Refused):
        desk.act(report, "raise_hazard", "bureau")
    who = {"actor": desk.cast.bureau, "acting_post": desk.cast.posts["bureau"], "now": desk.now}
    report = locate(report=report, site=city.hotel, version=report.version, **who)
    assert (report.site, report.cell, report.district) == (city.hotel, city.cell, city.chengdong)
    desk.act(report, "raise_hazard", "bureau")
    assert Hazard.objects.get().site == city.hotel
    with pytest.raises(Refused):
        locate(report=report, site=city.shop, version=report.version + 1, **who)


# -- another body's -----------------------------------------------------------------------------------


def test_not_ours_names_a_receiver_and_stays_open_until_accepted(desk):
    cast, report = desk.cast, desk.accepted(matter=desk.cast.city.general)
    inspector = {"actor": cast.inspector, "acting_post": cast.posts["inspector"], "now": desk.now}
    transfer = propose(kind="report", subject=report, unit=cast.city.brigade, reason="属消防", **inspector)
    assert Report.objects.visible_to(cast.fire).filter(pk=report.pk).exists()
    with pytest.raises(Refused):  # not while it is between two
        desk.act(report, "unfounded", "inspector")
    assert owed(report) == {("report_verify", "执法一岗")}
    accept(transfer=transfer, actor=cast.fire, acting_post=cast.posts["fire"], now=desk.now)
    report.refresh_from_db()
    assert (report.unit, report.post) == (cast.city.brigade, cast.posts["fire"])
    assert owed(report) == {("report_verify", "消防岗")}
    desk.act(report, "unfounded", "fire")
    with pytest.raises(NotAllowed):
        desk.act(report, "feedback", "inspector")


# -- who reported ---------------------------------------------------------------------------------------


SEES_REPORTER = {"bureau", "inspector", "inspector2"}


def test_only_who_must_know_sees_who_reported_and_each_look_is_on_record(desk):
    report = desk.accepted(name="王小明", phone="13912345678")
    for name in [*OFFICIALS, "inspector2"]:
        assert "王小明" not in desk.page(report, name).text
        answer = desk.browser(name).post(reverse("hazards:report_reporter", args=[report.number]))
        assert answer.status_code == (200 if name in SEES_REPORTER else 403), name
        assert ("13912345678" in answer.text) == (name in SEES_REPORTER), name
    looks = Entry.objects.filter(action="report.look").values_list("actor__username", flat=True)
    assert set(looks) == SEES_REPORTER
    assert len(looks) == 3


def test_no_list_search_or_api_says_who_reported(desk):
    report = desk.accepted(name="王小明", phone="13912345678")
    browser = desk.browser("bureau")
    for query in ("王小明", "13912345678"):
        page = browser.get(reverse("hazards:reports"), {"tab": "all", "q": query})
        assert report.number not in page.text
        assert report.number not in browser.get("/search/", {"q": query}).text
    for url in ("/api/v1/reports/", f"/api/v1/reports/{report.pk}/", "/hazards/reports/?tab=all&format=csv"):
        answer = browser.get(url)
        text = answer.getvalue().decode()
        assert report.number in text
        assert report.tracking not in text
        assert "王小明" not in text


def test_who_reported_is_erased_for_a_reason_and_for_good(desk):
    report = desk.accepted(name="王小明", phone="13912345678")
    who = {"actor": desk.cast.inspector, "acting_post": desk.cast.posts["inspector"], "now": desk.now}
    with pytest.raises(Invalid):
        reporter.erase(report=report, reason=" ", **who)
    with pytest.raises(NotAllowed):
        reporter.erase(
            report=report,
            reason="x",
            actor=desk.cast.fire,
            acting_post=desk.cast.posts["fire"],
            now=desk.now,
        )
    reporter.erase(report=report, reason="本人要求", **who)
    assert not Reporter.objects.exists()
    assert Report.objects.get().contact == Contact.ERASED
    with pytest.raises(Refused):
        reporter.look(report=report, **who)


# -- pages ------------------------------------------------------------------------------------------------


def test_the_moves_are_made_on_pages(desk):
    report = desk.received()
    browser = desk.browser("inspector")
    assert "Take it up" in desk.page(report, "inspector").text
    url = reverse("hazards:report_act", args=[report.number, "accept"])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"version": 1}).status_code == 302
    url = reverse("hazards:report_act", args=[report.number, "raise_hazard"])
    answer = browser.post(url, {"version": 1, "title": "通道上锁", "category": "fire", "note": "已看"})
    assert answer.status_code == 422  # it has moved on; what was typed stays, and is sent again
    assert "通道上锁" in answer.text
    fields = {"version": 2, "title": "通道上锁", "category": "fire", "note": "已看"}
    assert browser.post(url, fields).status_code == 302
    assert Hazard.objects.get().title == "通道上锁"


def test_photos_go_along_to_the_enterprise_only_when_the_officer_says_so(desk, passer, city):
    from hazards.reports import gates
    from safegrid.files.models import StoredFile

    for with_photos in (False, True):
        code = gates.code_of(city.hotel, now=passer.now)
        report = passer.tell(code=code, **{"photos-camera": upload()})
        desk.act(report, "accept", "bureau")
        desk.act(report, "raise_hazard", "bureau", with_photos=with_photos)
        photo = StoredFile.objects.get(form_key=report.key)
        seen = StoredFile.objects.visible_to
        assert seen(desk.cast.inspector).filter(pk=photo.pk).exists()
        assert seen(desk.cast.enterprise).filter(pk=photo.pk).exists() == with_photos


def test_a_hazards_page_shows_its_reports_to_officials_only(desk):
    report = desk.act(desk.accepted(), "raise_hazard", "inspector")
    url = reverse("hazards:detail", args=[report.hazard.number])
    assert report.number in desk.browser("inspector").get(url).text
    browser = desk.browser("enterprise")
    pages = [browser.get(each) for each in (url, "/hazards/?tab=all&format=csv", "/api/v1/hazards/")]
    for page in pages:
        text = page.getvalue().decode()
        assert report.hazard.number in text
        assert not any(word in text for word in (report.number, "Public report", '"public"'))


def test_somebody_called(desk):
    browser = desk.browser("bureau")
    url = reverse("hazards:report_call")
    page = browser.get(url)
    import re

    fields = {
        "token": re.search(r'name="token" value="([^"]+)"', page.text)[1],
        "what": "加油站旁有人焊接",
        "district": desk.cast.city.chengdong.pk,
        "where": "东关大街",
        "phone": "13912345678",
    }
    answers = [browser.post(url, fields) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    report = Report.objects.get()
    assert (report.via, report.entered_by) == (Via.PHONE, desk.cast.bureau)
    assert "Read this number to the caller" in text_of(browser.get(answers[0].url))
    assert desk.browser("enterprise").get(url).status_code == 403
    assert desk.browser("gridofficer").get(url).status_code == 403


def test_the_site_is_named_from_a_list(desk):
    city = desk.cast.city
    report = desk.accepted(site=None, district=city.cell, matter=city.general)
    browser = desk.browser("inspector")
    url = reverse("hazards:report_site", args=[report.number])
    page = text_of(browser.get(url))
    assert "恒盛宾馆" in page
    assert "恒盛仓库" not in page  # in the next cell
    assert "恒盛仓库" in text_of(browser.get(url, {"q": "恒盛仓库"}))
    browser.post(url, {"site": city.hotel.pk, "version": report.version})
    report.refresh_from_db()
    assert report.site == city.hotel
    assert browser.post(url, {"site": city.school.pk, "version": report.version}).status_code == 404


def test_a_page_costs_the_same_with_many_photos_and_looks(desk):
    report = desk.accepted(name="王小明")
    browser = desk.browser("inspector")
    url = reverse("hazards:report", args=[report.number])
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(url)
    for _ in range(5):
        browser.post(reverse("hazards:report_reporter", args=[report.number]))
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(few) == len(many) <= 25


def test_the_list_costs_the_same_with_many_rows(desk):
    make.ReportFactory(site=desk.cast.city.hotel, matter=desk.cast.city.general)
    browser, url = desk.browser("chengdong"), f"{reverse('hazards:reports')}?tab=all"
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    make.ReportFactory.create_batch(30, site=desk.cast.city.hotel, matter=desk.cast.city.general)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(url)
    assert page.text.count("JB-2026-") >= 31
    assert len(many) == len(few) <= 5


def test_to_do_lists_word_what_is_owed(desk):
    report = desk.received()
    text = text_of(desk.browser("bureau").get(reverse("my_work")))
    assert "Take up a public report: 消防通道被锁" in text
    desk.act(report, "accept", "inspector")
    assert "Verify a public report: 消防通道被锁" in text_of(
        desk.browser("inspector").get(reverse("my_work"))
    )


def test_a_place_in_no_register_is_put_there_with_the_reason(desk):
    city = desk.cast.city
    report = desk.accepted(site=None, district=city.cell, matter=city.general, where="河边棚屋")
    browser = desk.browser("inspector")
    url = reverse("hazards:report_register", args=[report.number])
    assert "河边棚屋" in browser.get(url).text
    fields = {"name": "无名电焊铺", "address": "河边棚屋", "no_uscc_reason": "unlicensed"}
    assert (
        browser.post(url, fields | {"version": 1}).status_code == 422
    )  # it has moved on: nothing is written
    assert not Enterprise.objects.filter(name="无名电焊铺").exists()
    assert browser.post(url, fields | {"version": report.version}).status_code == 302
    report.refresh_from_db()
    assert report.site.enterprise.no_uscc_reason == "unlicensed"
    assert (report.site.cell, report.cell) == (city.cell, city.cell)
    desk.act(report, "raise_hazard", "inspector")
    assert Hazard.objects.get().enterprise.name == "无名电焊铺"
    assert desk.browser("fire").get(url).status_code in (403, 404)


def test_who_reported_is_sealed_anew_by_the_first_key(desk):
    with override_settings(REPORTS_KEYS=["old"]):
        desk.received(name="王小明", phone="13912345678")
    with override_settings(REPORTS_KEYS=["new", "old"]):
        out = StringIO()
        call_command("reseal_reporters", stdout=out)
    assert out.getvalue() == "1 sealed anew, 0 that no key opens\n"
    with override_settings(REPORTS_KEYS=["new"]):
        assert sealing.unseal(Reporter.objects.get().phone) == "13912345678"
