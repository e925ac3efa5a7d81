"""Telling of a danger without an account: quickly, once, and without a word about anybody."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import override_settings
from django.urls import reverse

from hazards.reports import codes, gates, sealing
from hazards.reports.choices import Contact, ReportState, Via
from hazards.reports.forms import TRAP
from hazards.reports.models import GateCode, Report, Reporter
from hazards.reports.services import receive
from responsibility.assignments.qr import qr_code
from safegrid.audit.models import Entry
from safegrid.audit.services import verify
from safegrid.files.models import Evidence, StoredFile
from safegrid.kernel.bigrams import joined
from tests.files.photos import upload
from tests.hazards.reports.conftest import text_of

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def district(city):
    return {"district": city.chengdong.pk, "where": "东关大街12号"}


# -- what is told ---------------------------------------------------------------------------------


def test_a_report_stands_in_its_district_and_gives_a_receipt(passer, city, district):
    report = passer.tell(**district)
    assert (report.via, report.district, report.site) == (Via.WEB, city.chengdong, None)
    assert report.matter == city.general
    assert report.state == ReportState.RECEIVED
    assert report.number == "JB-2026-000001"
    assert passer.receipt() == codes.grouped(report.tracking)


def test_the_qr_at_a_gate_tells_where_it_is(passer, city):
    code = gates.code_of(city.hotel, now=passer.now)
    report = passer.tell(code=code, matter=city.crowded.pk, where="二楼")
    assert (report.via, report.site, report.cell) == (Via.GATE, city.hotel, city.cell)
    assert report.matter == city.crowded


def test_the_form_of_a_gate_offers_the_matters_of_its_site_only(passer, city):
    code = gates.code_of(city.hotel, now=passer.now)
    page = passer.client.get(reverse("report:gate", args=[code])).text
    select = page[page.index('name="matter"') : page.index("</select>", page.index('name="matter"'))]
    assert re.findall(r'value="(\d*)"', select) == ["", str(city.crowded.pk)]


def test_words_of_the_address_lead_further_down(passer, city):
    report = passer.tell(district=city.chengdong.pk, where="东关大街街道慈幼社区，面馆后门")
    assert (report.township, report.community) == (city.township, city.community)


def test_without_a_place_the_form_says_so_and_loses_nothing(passer):
    fields = passer.open() | {"what": "燃气味很重", "where": "后面的小巷"}
    answer = passer.send(fields)
    assert answer.status_code == 422
    assert "Choose the district in which it is." in text_of(answer)
    assert "燃气味很重" in answer.text
    assert fields["token"] in answer.text
    assert not Report.objects.exists()


@pytest.mark.parametrize("half", [{"longitude": "101.8"}, {"longitude": "999", "latitude": "36.6"}])
def test_half_a_point_is_none_and_a_wrong_one_is_said(passer, district, half):
    answer = passer.send(passer.open() | {"what": "危险"} | district | half)
    if "latitude" in half:
        assert answer.status_code == 422
    else:
        assert Report.objects.get().longitude is None


def test_the_pages_need_no_account_and_name_nobody(passer, cast, city):
    code = gates.code_of(city.hotel, now=passer.now)
    for url in ["report:new", "report:status"]:
        assert passer.client.get(reverse(url)).status_code == 200
    text = text_of(passer.client.get(reverse("report:gate", args=[code])))
    assert "恒盛宾馆" in text
    assert not any(name in text for name in ("执法一", "区长", "马明", "13800000000"))


# -- once, and only by people -----------------------------------------------------------------------


def test_a_doubled_form_and_the_back_button_give_the_same_receipt(passer, district):
    fields = passer.open() | {"what": "消防通道被锁"} | district
    first, again = passer.send(fields), passer.send(fields)
    assert first.url == again.url == reverse("report:receipt")
    assert Report.objects.count() == 1


def test_the_same_key_at_the_same_moment_is_one_report(desk, form_key):
    told = desk.received().__class__  # something else has come in before
    from hazards.reports.services import Told

    given = Told(what="危险", matter=desk.cast.city.general, site=desk.cast.city.hotel)
    rows = {receive(key=form_key, told=given, via=Via.WEB, now=desk.now).pk for _ in range(2)}
    assert len(rows) == 1
    assert told.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "after", "says"),
    [
        ({}, SECOND, "That was very quick."),
        ({TRAP: "buy"}, 60 * SECOND, "It was not taken yet."),
        ({"token": "forged"}, 60 * SECOND, "It was not taken yet."),
        ({"token": ""}, 60 * SECOND, "It was not taken yet."),
        ({}, dt.timedelta(days=8), "It was not taken yet."),
    ],
)
def test_what_no_person_sends_is_not_taken_but_can_be_sent_again(passer, district, changes, after, says):
    fields = passer.open() | {"what": "消防通道被锁"} | district | changes
    answer = passer.send(fields, after=after)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "消防通道被锁" in answer.text
    assert not Report.objects.exists()
    again = fields | {"token": re.search(r'name="token" value="([^"]+)"', answer.text)[1]}
    again.pop(TRAP, None)
    assert passer.send(again, after=after + 60 * SECOND).status_code == 302


@override_settings(REPORTS_LIMITS={"report": 2, "gate": 9, "photo": 9, "status": 9})
def test_one_address_sends_so_many_in_an_hour(passer, district):
    for _ in range(2):
        passer.tell(**district)
    answer = passer.send(passer.open() | {"what": "第三次"} | district)
    assert answer.status_code == 429
    assert "Very many reports" in text_of(answer)
    assert "第三次" in answer.text
    assert Report.objects.count() == 2


@override_settings(REPORTS_LIMITS={"report": 9, "gate": 1, "photo": 9, "status": 9})
def test_one_gate_takes_so_many_in_an_hour(passer, city):
    code = gates.code_of(city.hotel, now=passer.now)
    passer.tell(code=code)
    assert passer.send(passer.open(code) | {"what": "再来"}, code=code).status_code == 429
    other = gates.code_of(city.shop, now=passer.now)
    assert passer.tell(code=other).site == city.shop


def test_an_address_is_known_by_a_digest_of_the_day_only(now):
    today, tomorrow = now.date(), now.date() + dt.timedelta(days=1)
    digest = sealing.daily_digest("203.0.113.9", on=today)
    assert digest == sealing.daily_digest("203.0.113.9", on=today)
    assert digest != sealing.daily_digest("203.0.113.9", on=tomorrow)
    assert "203.0.113.9" not in digest


# -- photos -----------------------------------------------------------------------------------------


def test_photos_come_with_the_form_without_a_script(passer, district):
    fields = {"photos-camera": upload(colour="blue"), "photos-album": upload(colour="green")}
    report = passer.tell(**district, **fields)
    rows = StoredFile.objects.filter(evidence__subject_id=report.pk)
    assert {row.form_key for row in rows} == {report.key}
    assert {row.uploaded_by for row in rows} == {None}
    assert Evidence.objects.count() == 2
    assert "2 photos received" in text_of(passer.client.get(reverse("report:receipt")))


def test_a_photo_is_kept_when_the_form_is_shown_again(passer, district):
    fields = passer.open()
    answer = passer.send(fields | {"what": ""} | district | {"photos-camera": upload()})
    assert answer.status_code == 422
    kept = StoredFile.objects.get()
    assert f'value="{kept.pk}" checked' in " ".join(answer.text.split())
    assert "/files/" not in answer.text[answer.text.index("photos-list") : answer.text.index("photos-add")]
    passer.send(fields | {"what": "危险", "photos": str(kept.pk)} | district)
    assert Evidence.objects.get().file == kept


def test_a_photo_sent_ahead_twice_is_one(passer):
    url = reverse("report:photo", args=[passer.open()["token"]])
    answers = [passer.client.post(url, {"photo": upload(), "origin": "camera"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert StoredFile.objects.count() == 1


def test_photos_of_another_form_are_not_taken(passer, district):
    other = passer.open()["token"]
    pk = passer.client.post(reverse("report:photo", args=[other]), {"photo": upload()}).json()["id"]
    answer = passer.send(passer.open() | {"what": "危险", "photos": pk} | district)
    assert answer.status_code == 422
    assert "A photo is no longer there." in text_of(answer)


def test_no_photo_without_a_form_and_not_too_many(passer):
    assert (
        passer.client.post(reverse("report:photo", args=["forged"]), {"photo": upload()}).status_code == 400
    )
    url = reverse("report:photo", args=[passer.open()["token"]])
    sent = [passer.client.post(url, {"photo": upload(size=(64, 64 + n))}).status_code for n in range(13)]
    assert sent == [201] * 12 + [422]


# -- who reported -------------------------------------------------------------------------------------


def test_what_a_reporter_gives_is_sealed_and_the_ledger_holds_digests(passer, district):
    report = passer.tell(**district, name="王小明", phone="13912345678")
    row = Reporter.objects.get(report=report)
    assert report.contact == Contact.GIVEN
    assert sealing.unseal(row.name) == "王小明"
    assert sealing.unseal(row.phone) == "13912345678"
    written = [row.name, row.phone, *Entry.objects.values_list("body", flat=True)]
    written += [report.search_text, *report.search, report.title, report.what, report.where]
    assert not any("王小明" in text or "13912345678" in text for text in written)
    assert joined("王小明") not in report.search_text
    assert verify() == []


def test_keys_change_by_standing_in_front_of_the_old_ones():
    with override_settings(REPORTS_KEYS=["old"]):
        sealed = sealing.seal("王小明")
    with override_settings(REPORTS_KEYS=["new", "old"]):
        assert sealing.unseal(sealed) == "王小明"
        anew = sealing.reseal(sealed)
    with override_settings(REPORTS_KEYS=["new"]):
        assert sealing.unseal(anew) == "王小明"
        assert sealing.unseal(sealed) is None


# -- codes ----------------------------------------------------------------------------------------------


def test_every_slip_of_one_character_and_of_two_neighbours_shows():
    tracking = codes.new_tracking()
    for place in range(codes.LENGTH):
        for other in codes.ALPHABET:
            slipped = tracking[:place] + other + tracking[place + 1 :]
            assert (codes.read(slipped) == tracking) == (other == tracking[place])
    for place in range(codes.DRAWN - 1):
        one, two = tracking[place : place + 2]
        swapped = tracking[:place] + two + one + tracking[place + 2 :]
        assert (codes.read(swapped) is None) == (one != two)


def test_a_number_is_read_however_it_is_typed():
    tracking = codes.new_tracking()
    for typed in [codes.grouped(tracking), tracking.lower(), f"  {tracking[:6]} {tracking[6:]} "]:
        assert codes.read(typed) == tracking
    assert {codes.read("O" * 12), codes.read(""), codes.read(tracking[:-1])} == {None}


def test_a_gate_has_one_code_and_an_old_one_says_so(passer, city):
    code = gates.code_of(city.hotel, now=passer.now)
    assert gates.code_of(city.hotel, now=passer.now) == code
    assert len(code) == codes.GATE_LENGTH
    GateCode.objects.update(ended_at=passer.now)
    answer = passer.client.get(reverse("report:gate", args=[code]))
    assert answer.status_code == 404
    assert "This code is not in use" in text_of(answer)
    assert gates.code_of(city.hotel, now=passer.now) != code


def test_the_notice_at_the_gate_holds_the_code_of_the_public_form(desk):
    site = desk.cast.city.hotel
    page = desk.browser("inspector").get(reverse("responsibility:notice", args=[site.pk]))
    assert "Scan and tell us" in text_of(page)
    code = GateCode.objects.get(site=site).code
    assert gates.address_at(site, desk.now).endswith(f"/report/{code}/")
    assert str(qr_code(gates.address_at(site, desk.now))) in page.text
    assert desk.browser("enterprise").get(reverse("responsibility:notice", args=[site.pk])).status_code == 200


# -- what became of it ----------------------------------------------------------------------------------


def test_the_number_tells_how_it_stands(passer, district):
    report = passer.tell(**district, name="王小明", phone="13912345678")
    text = text_of(passer.look_up(passer.receipt()))
    assert "It has been received" in text
    assert "2026-11-23" in text
    assert not any(word in text for word in ("王小明", "13912345678", report.number, report.what))


def test_a_slip_and_an_unknown_number_are_told_apart(passer, district):
    passer.tell(**district)
    right = passer.receipt()
    slipped = ("3" if right[0] != "3" else "4") + right[1:]
    assert "A character is wrong or missing." in text_of(passer.look_up(slipped))
    assert "There is no report with this number." in text_of(passer.look_up(codes.new_tracking()))


@override_settings(REPORTS_LIMITS={"report": 9, "gate": 9, "photo": 9, "status": 3})
def test_numbers_cannot_be_tried_one_after_the_other(passer):
    answers = [passer.look_up(codes.new_tracking()).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]


def test_whoever_cannot_sign_in_finds_the_form(client, city):
    page = client.get("/", follow=True)
    assert f'href="{reverse("report:new")}"' in page.text


def test_nobody_sees_a_receipt_that_is_not_theirs(passer, district, client):
    passer.tell(**district)
    assert client.get(reverse("report:receipt")).url == reverse("report:status")


def test_outlines_are_public_for_districts_and_townships_only(client, city, now):
    assert client.get(reverse("report:areas", args=["district"])).status_code == 200
    assert client.get(reverse("report:areas", args=["cell"])).status_code == 404


def test_without_a_cache_reports_are_taken_all_the_same(passer, district, monkeypatch):
    from redis.exceptions import ConnectionError as NoCache

    from hazards.reports import limits

    class Gone:
        def add(self, *given):
            raise NoCache

    monkeypatch.setattr(limits, "cache", Gone())
    with time_machine.travel(passer.now, tick=False):
        assert passer.tell(**district).state == ReportState.RECEIVED
