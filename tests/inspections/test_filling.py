"""The pages of a self-inspection: filled in with and without a script, looked through, filed, read."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from hazards.models import Hazard
from inspections.choices import SelfInspectionState
from inspections.models import Answer
from inspections.services.answers import stored
from safegrid.files.models import StoredFile
from tests.files.photos import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(client, desk, cast):
    """The enterprise's safety officer at the hotel's self-inspection."""
    client.force_login(cast.enterprise)
    return Page(client, desk)


class Page:
    """Opens and posts the pages of one self-inspection."""

    def __init__(self, client: Client, desk) -> None:
        self.client, self.desk = client, desk

    def address(self, name: str) -> str:
        return reverse(f"inspections:self_{name}", args=[self.desk.row.pk])

    def get(self, name="fill", query=""):
        return self.client.get(self.address(name) + query)

    def fields(self, *results: str, version: int | None = None, **more) -> dict:
        """What the form sends: a result an item in order, and e.g. `note_1` of the first item."""
        sent = {"version": self.desk.fresh.version if version is None else version}
        for item, result in zip(self.desk.items, results, strict=False):
            sent[f"i{item.pk}-result"] = result
        for key, value in more.items():
            name, number = key.rsplit("_", 1)
            sent[f"i{self.desk.items[int(number) - 1].pk}-{name.replace('__', '-')}"] = value
        return sent

    def post(self, name: str, fields: dict):
        person = {"person": self.desk.cast.enterprise.pk} if name == "save" else {}
        return self.client.post(self.address(name), fields | person)


def spot(number: int, before, after) -> dict:
    """The fields of something fixed on the spot, at item `number`."""
    return {
        f"note_{number}": "通道堆物",
        f"way_{number}": "spot",
        f"before_{number}": before,
        f"after_{number}": after,
    }


# -- who sees what -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fill", "review", "receipt"])
@pytest.mark.parametrize(
    "who", ["rival", "chengxi", "fire", "gas", "admin", "nobody"], ids=lambda each: f"to {each}"
)
def test_nothing_is_shown(client, desk, cast, name, who):
    client.force_login(getattr(cast, who))
    assert client.get(reverse(f"inspections:self_{name}", args=[desk.row.pk])).status_code == 404


def test_whoever_is_not_signed_in_signs_in_and_comes_back(client, desk):
    address = reverse("inspections:self_fill", args=[desk.row.pk])
    assert client.get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("who", ["inspector", "gridofficer", "bureau", "chengdong", "auditor"])
def test_officials_read_a_draft_s_state_but_not_its_answers(client, desk, cast, who):
    desk.save(desk.answers(desk.plan(note="尚未提交的内容")))
    client.force_login(getattr(cast, who))
    shown = client.get(reverse("inspections:self_fill", args=[desk.row.pk]))
    assert shown.status_code == 200
    assert "Not filed yet" in shown.text
    assert "尚未提交的内容" not in shown.text
    assert "<textarea" not in shown.text
    for name in ("fill", "save", "review"):
        address = reverse(f"inspections:self_{name}", args=[desk.row.pk])
        assert client.post(address, {"person": getattr(cast, who).pk}).status_code == 403


@pytest.mark.parametrize("who", ["enterprise", "principal", "auditor"])
def test_a_filed_one_is_read_at_the_same_address(client, desk, cast, who):
    row = desk.file(desk.answers(desk.plan(note="灯不亮"), "ok", "na"))
    client.force_login(getattr(cast, who))
    shown = client.get(reverse("inspections:self_fill", args=[desk.row.pk])).text
    hazard = Hazard.objects.get()
    for text in ("灯不亮", "更换灯具", hazard.number, row.receipt):
        assert text in shown
    assert "<textarea" not in shown


def test_an_official_reads_of_a_filed_one_nothing_that_is_the_enterprises_own(client, desk, cast):
    row = desk.file(desk.answers(desk.plan(note="灯不亮"), "ok", "na"))
    client.force_login(cast.inspector)
    hazard = Hazard.objects.get()
    address = reverse("inspections:self_fill", args=[desk.row.pk])
    shown = client.get(address).text
    assert row.receipt in shown
    assert [text for text in ("灯不亮", "更换灯具", hazard.number) if text in shown] == []
    Hazard.objects.update(is_shared=True)  # it was late, or drawn
    assert hazard.number in client.get(address).text


def test_a_supervisor_of_one_matter_reads_no_self_inspection_but_their_hazards(client, desk, cast):
    desk.file(desk.answers("ok", desk.plan(), "ok"))
    client.force_login(cast.fire)
    assert client.get(reverse("inspections:self_fill", args=[desk.row.pk])).status_code == 404
    assert Hazard.objects.visible_to(cast.fire).count() == 0
    Hazard.objects.update(is_shared=True)
    assert client.get(reverse("inspections:self_fill", args=[desk.row.pk])).status_code == 404
    assert Hazard.objects.visible_to(cast.fire).count() == 1


# -- the form ------------------------------------------------------------------------------------------


def test_the_form_asks_what_applies_and_says_why(sheet, monthly):
    shown = sheet.get().text
    for item in monthly[:3]:
        assert item.text_en in shown
        assert item.why_en in shown
        assert item.basis_en in shown
    assert monthly[3].text_en not in shown
    assert monthly[4].text_en not in shown
    assert "0 of 3" in shown
    assert "No order and no penalty" in shown


def test_the_limit_of_an_own_date_is_said(sheet):
    assert 'min="2026-11-23" max="2026-12-23"' in sheet.get().text


def test_it_costs_the_same_queries_with_many_items_and_answers(
    sheet, desk, monthly, django_assert_max_num_queries
):
    photo = desk.photo()
    desk.save(desk.answers(desk.plan(before=[photo])))
    with CaptureQueriesContext(connection) as few:
        sheet.get()
    for n in range(10, 40):
        item = monthly[0]
        item.pk, item.code, item.order = None, f"more-{n}", n
        item.save()
        desk.items.append(type(item).objects.get(pk=item.pk))
    desk.save(desk.answers(*[desk.plan(before=[photo]) for _ in desk.items]))
    with django_assert_max_num_queries(len(few)):
        shown = sheet.get()
    assert "33 of 33" in shown.text


def test_without_a_script_the_form_is_saved_as_a_whole(sheet, desk):
    desk.save(desk.answers("ok", "ok", "ok"))
    fields = sheet.fields("ok", "not_ok", note_2="门锁坏了")
    answer = sheet.post("fill", fields)
    assert answer["Location"] == sheet.address("fill")
    assert {g.result for g in stored(desk.row).values()} == {"ok", "not_ok"}
    shown = sheet.get().text
    assert "门锁坏了" in shown
    assert "saved 10:00" in shown


def test_without_a_script_photos_come_with_the_form(sheet, desk):
    fields = sheet.fields(
        "not_ok",
        note_1="x",
        way_1="spot",
        **{"before-camera_1": upload(colour="red"), "after-album_1": upload(colour="blue")},
    )
    assert sheet.post("fill", fields | {"then": "review"})["Location"] == sheet.address("review")
    given = stored(desk.row)[desk.items[0].pk]
    assert [p.origin for p in (*given.before, *given.after)] == ["camera", "album"]
    assert str(given.before[0].pk) in sheet.get().text


def test_a_photo_that_is_none_is_named_at_its_item_and_nothing_else_is_lost(sheet, desk):
    fields = sheet.fields("not_ok", "ok", note_1="尚在", **{"before-album_1": upload("note.txt", b"text")})
    answer = sheet.post("fill", fields)
    assert answer.status_code == 422
    assert "note.txt is not a photo (JPEG, PNG, WebP)." in answer.text
    assert "尚在" in answer.text
    assert len(stored(desk.row)) == 2
    assert f'name="version" value="{desk.fresh.version}"' in answer.text


def test_a_photo_of_fifty_megabytes_is_named_at_its_item(sheet, desk):
    huge = upload("huge.jpg", b"\xff\xd8" + bytes(50 << 20))
    answer = sheet.post("fill", sheet.fields("not_ok", note_1="尚在", **{"before-camera_1": huge}))
    assert answer.status_code == 422
    assert "huge.jpg has 51 MB; up to 20 MB are accepted." in answer.text
    assert "尚在" in answer.text
    assert not StoredFile.objects.exists()


def test_a_date_that_is_none_is_named_at_its_item(sheet, desk):
    answer = sheet.post("fill", sheet.fields("not_ok", way_1="plan", plan_due_on_1="tomorrow"))
    assert answer.status_code == 422
    assert "Write the day as 2026-11-23." in answer.text
    assert 'value="tomorrow"' in answer.text


def test_an_old_form_is_not_saved_over_a_newer_one_and_keeps_what_was_typed(sheet, desk):
    desk.save(desk.answers("na"), "principal")
    answer = sheet.post("fill", sheet.fields("not_ok", note_1="我写的", version=1))
    assert answer.status_code == 409
    assert "我写的" in answer.text
    assert "Principal saved this self-inspection at 10:00" in answer.text
    assert stored(desk.row)[desk.items[0].pk].result == "na"
    again = sheet.fields("not_ok", note_1="我写的")
    assert f'name="version" value="{again["version"]}"' in answer.text
    assert sheet.post("fill", again).status_code == 302
    assert stored(desk.row)[desk.items[0].pk].note == "我写的"


def test_the_same_as_last_time_fills_what_is_open(sheet, desk):
    desk.file(desk.answers("na", desk.plan(), "ok"))
    desk.next_period(dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
    first, second, third = desk.items
    shown = sheet.get().text
    assert "Same as last time" in shown
    sheet.post("fill", sheet.fields("ok") | {"then": "last"})
    assert {pk: g.result for pk, g in stored(desk.row).items()} == {first.pk: "ok", third.pk: "ok"}
    assert second.pk not in stored(desk.row)


def test_a_first_one_offers_no_last_time(sheet):
    assert "Same as last time" not in sheet.get().text


# -- saved by the script -------------------------------------------------------------------------------


def test_the_script_saves_one_answer_at_a_time(sheet, desk):
    first = sheet.post("save", sheet.fields("ok"))
    assert first.json() == {"version": 2, "saved": "10:00", "errors": {}}
    second = desk.items[1]
    sheet.post("save", {"version": 2, f"i{second.pk}-result": "na"})
    assert [g.result for g in stored(desk.row).values()] == ["ok", "na"]


def test_the_script_is_told_what_is_there_when_it_is_too_old(sheet, desk):
    given = desk.plan(before=[desk.photo()])
    desk.save(desk.answers(given))
    answer = sheet.post("save", sheet.fields("ok", version=1))
    assert answer.status_code == 409
    assert answer.json() == {
        "version": 2,
        "by": "Enterprise",
        "saved": "10:00",
        "answers": {
            str(desk.items[0].pk): {
                "result": "not_ok",
                "note": "灯不亮",
                "way": "plan",
                "plan": "更换灯具",
                "plan_due_on": "2026-12-03",
                "before": [str(given.before[0].pk)],
                "after": [],
            }
        },
    }


def test_the_script_is_told_what_is_wrong_with_an_answer(sheet, desk):
    answer = sheet.post("save", sheet.fields("not_ok", before_1="00000000-0000-0000-0000-000000000000"))
    assert answer.json()["errors"] == {str(desk.items[0].pk): ["A photo is no longer there. Add it again."]}
    assert Answer.objects.count() == 1


def test_the_script_is_sent_on_when_it_has_been_filed(sheet, desk):
    desk.file(desk.everything_ok())
    answer = sheet.post("save", sheet.fields("ok"))
    assert (answer.status_code, answer.json()) == (410, {"go": sheet.address("fill")})


def test_nothing_is_saved_under_another_person_s_name(sheet, desk, cast):
    sheet.client.force_login(cast.principal)
    assert sheet.post("save", sheet.fields("ok")).status_code == 401
    assert not Answer.objects.exists()


def test_a_session_that_ended_is_no_place_to_save(desk):
    client = Client()
    answer = client.post(reverse("inspections:self_save", args=[desk.row.pk]), {})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_form_of_another_session_is_told_so(desk, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.enterprise)
    answer = client.post(reverse("inspections:self_fill", args=[desk.row.pk]), {"version": 1})
    assert answer.status_code == 403
    assert "too old" in answer.text


# -- review and filing ---------------------------------------------------------------------------------


def test_the_review_leads_to_what_is_missing(sheet, desk):
    desk.save(desk.answers("ok", desk.plan(days=99)))
    shown = sheet.get("review").text
    second, third = desk.items[1:]
    assert f'href="{sheet.address("fill")}?check=1#i{second.pk}"' in shown
    assert "Choose a day up to 2026-12-23." in shown
    assert f'href="{sheet.address("fill")}?check=1#i{third.pk}"' in shown
    assert "2 items are not complete" in shown
    assert "disabled" in shown
    assert "Choose a day up to 2026-12-23." in sheet.get(query="?check=1").text


def test_filing_what_is_incomplete_shows_the_review(sheet, desk):
    desk.save(desk.answers("ok"))
    answer = sheet.post("review", {"version": desk.fresh.version})
    assert answer.status_code == 422
    assert "2 items are not complete" in answer.text
    assert desk.fresh.state == SelfInspectionState.DRAFT


def test_filing_gives_a_receipt_that_says_what_happens_next(sheet, desk):
    desk.save(desk.answers(desk.spot(), desk.plan(days=5), "ok"))
    review = sheet.get("review").text
    assert "通道堆物" in review
    assert "disabled" not in review
    version = {"version": desk.fresh.version}
    assert sheet.post("review", version)["Location"] == sheet.address("receipt")
    assert sheet.post("review", version)["Location"] == sheet.address("receipt")
    assert sheet.post("fill", version | {"then": "save"})["Location"] == sheet.address("receipt")
    shown = sheet.get("receipt").text
    assert "ZC-2026-000001" in shown
    assert "3 answers" in " ".join(shown.split())
    assert "2 photos received" in shown
    assert "Somebody else of yours confirms that it is fixed." in shown
    assert "You fix it by 2026-11-28 and send a photo" in shown
    for hazard in Hazard.objects.all():
        assert hazard.number in shown
    assert Hazard.objects.count() == 2


def test_a_review_that_is_too_old_is_looked_at_again(sheet, desk):
    desk.save(desk.everything_ok())
    desk.save(desk.answers(desk.plan()), "principal")
    answer = sheet.client.post(sheet.address("review"), {"version": 2}, follow=True)
    assert "Somebody else saved" in answer.text
    assert "灯不亮" in answer.text
    assert desk.fresh.state == SelfInspectionState.DRAFT


def test_no_page_speaks_of_orders_or_penalties_but_to_say_there_are_none(sheet, desk):
    desk.file(desk.answers(desk.spot(), desk.plan(), "ok"))
    for name in ("fill", "receipt"):
        text = sheet.get(name).text.lower()
        for word in ("penalt", "order "):
            assert text.count(word) == text.count(f"no {word}")


def test_the_receipt_of_what_is_not_filed_leads_to_the_form(sheet):
    assert sheet.get("receipt")["Location"] == sheet.address("fill")


def test_what_was_typed_is_text_and_nothing_more(sheet, desk):
    bad = '"><script>alert(1)</script>'
    desk.save(desk.answers(desk.plan(note=bad, plan=bad)))
    for name in ("fill", "review"):
        assert bad not in sheet.get(name).text
        assert escape(bad) in sheet.get(name).text


@pytest.mark.parametrize("path", ["save", "receipt"])
def test_each_address_has_its_method(sheet, path):
    wrong = sheet.client.get if path == "save" else sheet.client.post
    assert wrong(sheet.address(path)).status_code == 405


def test_the_pages_read_chinese(sheet, desk):
    sheet.client.cookies["django_language"] = "zh-hans"
    shown = sheet.get().text
    assert desk.items[0].text in shown
    assert desk.items[0].why in shown
    assert desk.items[0].basis in shown
