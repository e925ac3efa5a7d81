"""The self-inspection and the visit in a real Chromium, at the size of a phone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from hazards.models import Hazard
from inspections.choices import SelfInspectionState
from inspections.models import Visit
from inspections.services.answers import Given, stored
from safegrid.accounts.models import User
from safegrid.files.models import Evidence, StoredFile
from tests.files.photos import encoded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
SAVED = re.compile("saved 10:00")


@pytest.fixture
def sign_in(live_server, context: BrowserContext) -> Callable[[User], None]:
    """Let a person be signed in in this browser."""

    def do(user: User) -> None:
        client = Client()
        client.force_login(user)
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )

    return do


@pytest.fixture
def address(live_server, desk) -> str:
    return live_server.url + reverse("inspections:self_fill", args=[desk.row.pk])


@pytest.fixture
def sheet(page: Page, address, sign_in, cast):
    """The hotel's self-inspection on the safety officer's phone; nothing in it breaks the policy or fails."""
    problems: list[str] = []
    page.on(
        "console", lambda message: problems.append(message.text) if "Refused to" in message.text else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_viewport_size(PHONE)
    sign_in(cast.enterprise)
    page.goto(address)
    yield page
    assert problems == []


def item(page: Page, number: int) -> Locator:
    return page.locator("[data-item]").nth(number - 1)


def answer(page: Page, number: int, result: str) -> None:
    item(page, number).locator(f"label.item-{result}").click()


def choose_photo(page: Page, number: int, role: str, colour: str, *, way: str = "camera") -> None:
    """Take a photo with the camera, or choose one from the album."""
    field = item(page, number).locator(f"[data-photos$=-{role}]")
    photo = {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": encoded(colour)}
    field.locator(f"[name$=-{way}]").set_input_files(photo)


def state(page: Page) -> Locator:
    return page.locator("[data-state]")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_is_filled_in_and_filed_with_one_thumb(sheet, desk):
    expect(sheet.locator("[data-progress-text]")).to_have_text("0 of 3")
    answer(sheet, 1, "ok")
    answer(sheet, 2, "not_ok")
    item(sheet, 2).get_by_label("What is wrong").fill("通道堆物")
    item(sheet, 2).get_by_text("Fixed on the spot").click()
    choose_photo(sheet, 2, "before", "red")
    choose_photo(sheet, 2, "after", "blue", way="album")
    expect(item(sheet, 2).get_by_text("Received")).to_have_count(2)
    expect(item(sheet, 2).get_by_text("from album")).to_have_count(1)
    assert fits(sheet)

    sheet.get_by_role("button", name="Next unanswered").click()
    expect(item(sheet, 3)).to_be_in_viewport()
    answer(sheet, 3, "not_ok")
    item(sheet, 3).get_by_label("What is wrong").fill("灯不亮")
    item(sheet, 3).get_by_text("By a date we set").click()
    item(sheet, 3).get_by_label("What you will do").fill("更换灯具")
    item(sheet, 3).get_by_label("By when").fill("2026-12-01")
    expect(sheet.locator("[data-progress-text]")).to_have_text("3 of 3")
    expect(state(sheet)).to_have_text(SAVED)

    sheet.get_by_role("button", name="Review and file").click()
    sheet.wait_for_url("**/review/")
    expect(sheet.locator("main")).to_contain_text("通道堆物")
    assert fits(sheet)
    sheet.get_by_role("button", name="File").click()
    sheet.wait_for_url("**/receipt/")
    expect(sheet.locator("main")).to_contain_text("ZC-2026-000001")
    expect(sheet.locator("main")).to_contain_text("3 answers, 2 photos received")
    assert fits(sheet)
    assert desk.fresh.state == SelfInspectionState.FILED
    assert Hazard.objects.count() == 2
    assert Evidence.objects.filter(subject_type__model="hazard").count() == 2
    assert {file.origin for file in StoredFile.objects.all()} == {"camera", "album"}
    assert sheet.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('self-')).length") == 0


def test_its_buttons_are_made_for_a_thumb(sheet):
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_text("Fixed on the spot").click()
    small = sheet.evaluate(
        """[...document.querySelectorAll('#sheet button, #sheet a, #sheet label, #sheet summary')]
          .filter((e) => e.offsetParent && !e.matches('.form-label') && e.getBoundingClientRect().height < 44)
          .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_keyboard_answers_as_well(sheet, desk):
    item(sheet, 1).locator("[value=ok]").focus()
    sheet.keyboard.press("ArrowRight")
    expect(item(sheet, 1).locator("[value=not_ok]")).to_be_checked()
    expect(item(sheet, 1).get_by_label("What is wrong")).to_be_visible()


def test_why_it_is_asked_opens_beside_the_item(sheet):
    why = item(sheet, 1).locator("details p")
    expect(why).to_be_hidden()
    item(sheet, 1).locator("summary").click()
    expect(why).to_have_text("Because of 1 Some Law, Art. 1")


def test_without_a_connection_it_waits_on_the_phone_and_goes_out_by_itself(sheet, desk, context):
    context.set_offline(True)
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("断网时写的")
    choose_photo(sheet, 1, "before", "red")
    expect(state(sheet)).to_contain_text("goes out by itself")
    expect(item(sheet, 1).locator(".photo-state")).to_have_text("Not sent yet")
    sheet.get_by_role("button", name="Review and file").click()
    expect(sheet.locator("#messages")).to_contain_text("still on their way")
    assert stored(desk.row) == {}

    context.set_offline(False)
    sheet.wait_for_url("**/review/")
    kept = stored(desk.row)[desk.items[0].pk]
    assert kept.note == "断网时写的"
    assert len(kept.before) == 1


def test_answers_and_photos_outlive_a_page_that_was_closed(sheet, desk, context, address):
    context.set_offline(True)
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("关闭前写的")
    choose_photo(sheet, 1, "before", "red")
    expect(state(sheet)).to_contain_text("on this phone")
    sheet.wait_for_timeout(300)
    sheet.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#messages")).to_contain_text("is back")
    expect(item(again, 1).get_by_label("What is wrong")).to_have_value("关闭前写的")
    expect(item(again, 1).locator(".photo-state")).to_have_text("Received")
    expect(state(again)).to_have_text(SAVED)
    kept = stored(desk.row)[desk.items[0].pk]
    assert (kept.note, len(kept.before)) == ("关闭前写的", 1)


def test_typed_text_outlives_a_session_that_ended(sheet, desk, context, cast, sign_in, address):
    answer(sheet, 2, "ok")
    expect(state(sheet)).to_have_text(SAVED)
    context.clear_cookies(name="sessionid")
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("登录过期时写的")
    expect(state(sheet)).to_contain_text("signed out")
    sheet.locator("a[data-sign-in]").click()
    sheet.wait_for_url("**/accounts/login/**")
    assert sheet.url.endswith(f"?next=/inspections/self/{desk.row.pk}/")
    sign_in(cast.enterprise)
    sheet.goto(address)
    expect(item(sheet, 1).get_by_label("What is wrong")).to_have_value("登录过期时写的")
    expect(state(sheet)).to_have_text(SAVED)
    assert stored(desk.row)[desk.items[0].pk].note == "登录过期时写的"


def test_another_person_on_the_same_phone_sees_nothing_of_it(sheet, desk, context, cast, sign_in, address):
    context.set_offline(True)
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("只是我写的")
    expect(state(sheet)).to_contain_text("on this phone")
    sign_in(cast.principal)  # before the page closes, as its last words may still leave then
    sheet.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto(address)
    answer(other, 2, "ok")
    expect(state(other)).to_have_text(SAVED)
    expect(item(other, 1).locator(":checked")).to_have_count(0)
    assert list(stored(desk.row)) == [desk.items[1].pk]
    sign_in(cast.enterprise)
    other.goto(address)
    expect(item(other, 1).get_by_label("What is wrong")).to_have_value("只是我写的")


def test_a_page_left_open_saves_nothing_under_another_person_s_name(sheet, desk, cast, sign_in):
    sign_in(cast.principal)
    answer(sheet, 1, "ok")
    expect(state(sheet)).to_contain_text("signed out")
    assert stored(desk.row) == {}


def test_two_colleagues_are_put_together(sheet, desk, cast):
    desk.save(desk.answers("ok"), "principal")  # version 2; the page holds 1
    answer(sheet, 2, "na")
    expect(sheet.locator("#messages")).to_contain_text("A colleague answered other items")
    expect(item(sheet, 1).locator("[value=ok]")).to_be_checked()
    expect(state(sheet)).to_have_text(SAVED)
    assert [g.result for g in stored(desk.row).values()] == ["ok", "na"]


@pytest.mark.parametrize(("button", "kept"), [("Keep mine", "我的"), ("Take theirs", "他的")])
def test_where_two_colleagues_differ_the_person_decides(sheet, desk, button, kept):
    theirs = Given("not_ok", "他的")
    desk.save(desk.answers(theirs), "principal")
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("我的")
    asked = sheet.locator("#conflict")
    expect(asked).to_contain_text("Principal saved at 10:00 and answered 1 of the same items differently")
    assert stored(desk.row)[desk.items[0].pk].note == "他的"
    sheet.get_by_role("button", name=button).click()
    expect(asked).to_be_hidden()
    expect(item(sheet, 1).get_by_label("What is wrong")).to_have_value(kept)
    answer(sheet, 3, "ok")
    expect(state(sheet)).to_have_text(SAVED)
    expect(sheet.locator("[data-progress-text]")).to_have_text("2 of 3")
    sheet.wait_for_timeout(300)
    assert stored(desk.row)[desk.items[0].pk].note == kept


def test_what_waited_on_the_phone_does_not_overwrite_a_colleague_s_answer(sheet, desk, context, address):
    context.set_offline(True)
    answer(sheet, 1, "not_ok")
    item(sheet, 1).get_by_label("What is wrong").fill("我的")
    expect(state(sheet)).to_contain_text("on this phone")
    sheet.close()
    desk.save(desk.answers("ok"), "principal")
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("#conflict")).to_contain_text("Principal saved at 10:00")
    assert stored(desk.row)[desk.items[0].pk].result == "ok"
    again.get_by_role("button", name="Keep mine").click()
    expect(state(again)).to_have_text(SAVED)
    assert stored(desk.row)[desk.items[0].pk].note == "我的"


def test_the_same_as_last_time_is_one_tap(page, desk, cast, sign_in, live_server):
    desk.file(desk.answers("ok", desk.plan(), "na"))
    row = desk.next_period(desk.now + dt.timedelta(days=10))
    page.set_viewport_size(PHONE)
    sign_in(cast.enterprise)
    page.goto(live_server.url + reverse("inspections:self_fill", args=[row.pk]))
    page.get_by_role("button", name="Same as last time").click()
    expect(page.locator("[data-progress-text]")).to_have_text("2 of 3")
    expect(item(page, 2).locator(":checked")).to_have_count(0)
    expect(item(page, 2)).to_be_in_viewport()
    expect(state(page)).to_have_text(SAVED)
    assert {g.result for g in stored(row).values()} == {"ok", "na"}


def test_bad_files_are_named_beside_the_field(sheet, settings):
    answer(sheet, 1, "not_ok")
    album = item(sheet, 1).locator("[data-photos$=-before] [name$=-album]")
    album.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"text"})
    errors = item(sheet, 1).locator(".photo-error")
    expect(errors).to_have_text(re.compile(r"notes\.txt is not a photo"))
    whole = encoded("noise")
    album.set_input_files({"name": "half.jpg", "mimeType": "image/jpeg", "buffer": whole[: len(whole) // 2]})
    expect(errors.nth(1)).to_have_text(re.compile(r"half\.jpg is incomplete"))
    errors.first.get_by_role("button").click()
    expect(errors).to_have_count(1)
    assert not StoredFile.objects.exists()


def test_a_photo_too_large_never_leaves_the_phone(sheet, tmp_path):
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(b"\xff\xd8" + bytes(50 << 20))
    sent = []
    sheet.on("request", lambda request: sent.append(request.url) if "/files/" in request.url else None)
    answer(sheet, 1, "not_ok")
    item(sheet, 1).locator("[data-photos$=-before] [name$=-album]").set_input_files(huge)
    expect(item(sheet, 1).locator(".photo-error")).to_contain_text("huge.jpg has 51 MB; up to 20 MB")
    assert sent == []


def test_a_photo_taken_away_is_gone(sheet, desk):
    answer(sheet, 1, "not_ok")
    choose_photo(sheet, 1, "before", "red")
    choose_photo(sheet, 1, "before", "blue")
    expect(item(sheet, 1).get_by_text("2 of 6")).to_be_visible()
    expect(item(sheet, 1).get_by_text("Received")).to_have_count(2)
    item(sheet, 1).get_by_role("button", name="Take this photo away").first.click()
    expect(item(sheet, 1).get_by_text("1 of 6")).to_be_visible()
    expect(state(sheet)).to_have_text(SAVED)
    sheet.wait_for_timeout(1500)
    expect(state(sheet)).to_have_text(SAVED)
    assert len(stored(desk.row)[desk.items[0].pk].before) == 1


def test_it_works_without_a_script(browser, address, desk, cast, live_server):
    client = Client()
    client.force_login(cast.enterprise)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(address)
    answer(page, 1, "ok")
    answer(page, 3, "na")
    answer(page, 2, "not_ok")
    item(page, 2).get_by_label("What is wrong").fill("通道堆物")
    item(page, 2).get_by_text("Fixed on the spot").click()
    for role, colour in (("before", "red"), ("after", "blue")):
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded(colour)}
        item(page, 2).locator(f"[data-photos$=-{role}] [name$=-album]").set_input_files(photo)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#messages")).to_contain_text("Saved.")
    page.get_by_role("button", name="Review and file").click()
    page.get_by_role("button", name="File").click()
    expect(page.locator("main")).to_contain_text("3 answers, 2 photos received")
    context.close()
    assert desk.fresh.state == SelfInspectionState.FILED


def test_a_visit_is_recorded_on_a_phone(page, cast, looked_at, policies, now, sign_in, live_server):
    page.set_viewport_size(PHONE)
    sign_in(cast.inspector)
    page.goto(f"{live_server.url}/inspections/new/?q=恒盛宾")
    page.locator("main .list-group-item").click()
    answer(page, 1, "ok")
    page.get_by_label("Matter").select_option(label="Fire safety")
    expect(item(page, 2)).to_be_visible()
    answer(page, 2, "not_ok")
    choose_photo(page, 2, "photos", "red")
    expect(item(page, 2).get_by_text("Received")).to_be_visible()
    page.get_by_role("button", name="Record the visit").click()
    expect(page.locator("main")).to_contain_text("Not recorded yet")
    expect(page.get_by_text("are needed on the day of the visit")).to_be_in_viewport()
    expect(page.get_by_text("Say what was found.")).to_be_visible()
    item(page, 2).get_by_label("What was found").fill("安全出口锁闭")
    page.get_by_label(re.compile("Inspector2")).check()
    assert fits(page)
    page.get_by_role("button", name="Record the visit").click()
    page.wait_for_url("**/inspections/JC-2026-000001/")
    expect(page.locator("main")).to_contain_text("安全出口锁闭")
    assert fits(page)
    assert Visit.objects.get().officers.count() == 2
    assert Evidence.objects.get().subject_id == Hazard.objects.get().pk
