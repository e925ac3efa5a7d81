"""The hazard's page in a real Chromium: photos from a phone, before and after, deadlines, the bell."""

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from hazards.models import Hazard
from responsibility.alerts.sweep import sweep
from safegrid.files.models import Evidence, StoredFile
from safegrid.files.preparing import prepare
from safegrid.files.services import store
from tests.files.photos import encoded, upload

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def visit(page: Page, live_server, play):
    """Open a page as somebody of the cast; nothing on it may fail or break the policy."""
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    def go(name: str, path: str, size: dict[str, int] = DESK) -> Page:
        client = Client()
        client.force_login(play.person(name))
        page.context.clear_cookies()
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.set_viewport_size(size)
        page.goto(live_server.url + path)
        return page

    yield go
    assert problems == []


def path(hazard: Hazard, action: str = "") -> str:
    return (
        reverse("hazards:act", args=[hazard.number, action])
        if action
        else reverse("hazards:detail", args=[hazard.number])
    )


def taken(play, by: str, colour: str) -> StoredFile:
    """A real photo that is ready to be seen."""
    row = store(upload=upload(colour=colour), actor=play.person(by), now=play.now)
    prepare(str(row.pk))
    row.refresh_from_db()
    return row


def test_rectified_on_a_phone_and_accepted_side_by_side(play, visit, page):
    hazard = play.found(photos=[taken(play, "inspector", "red")])
    hazard = play.play(hazard, [("grade", "inspector"), ("order", "inspector")])

    visit("enterprise", path(hazard), PHONE)
    page.get_by_role("link", name="Submit rectification").click()
    page.get_by_label("What was done").fill("通道已清理")
    page.set_input_files(
        "input[name=photos-camera]",
        {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": encoded("green")},
    )
    expect(page.locator("#act .photo")).to_contain_text("Received")
    page.get_by_role("button", name="Submit rectification").click()
    expect(page.locator("#messages")).to_contain_text("Rectification submitted")
    expect(page.locator("#pictures")).to_contain_text("Being prepared")

    prepare(str(Evidence.objects.get(role="after").file_id))
    expect(page.locator("#pictures .compare-range")).to_be_visible()  # the page has asked again by itself
    expect(page.locator("#pictures")).not_to_contain_text("Being prepared")

    visit("inspector", path(hazard, "accept"))
    after = page.locator(".compare-after")
    assert after.evaluate("node => getComputedStyle(node).clipPath") == "inset(0px 0px 0px 50%)"
    slider = page.get_by_role("slider", name="How much of the picture after is shown, in percent")
    slider.fill("80")
    assert after.evaluate("node => getComputedStyle(node).clipPath") == "inset(0px 0px 0px 20%)"
    page.get_by_label("What the re-inspection found").fill("现场已清理")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("#messages")).to_contain_text("Accepted")
    hazard.refresh_from_db()
    assert hazard.state == "closed"


def test_without_script_two_pictures_stand_side_by_side(play, live_server, browser):
    hazard = play.found(photos=[taken(play, "inspector", "red")])
    hazard = play.play(hazard, [("grade", "inspector"), ("order", "inspector")])
    play.act(hazard, "submit", "enterprise", photos=[taken(play, "enterprise", "green")])
    client = Client()
    client.force_login(play.person("inspector"))
    with browser.new_context(java_script_enabled=False) as context:
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + path(hazard))
        before, after = (page.locator(f".compare-{name}").bounding_box() for name in ("before", "after"))
        assert before["x"] + before["width"] <= after["x"]
        expect(page.locator(".compare-range")).to_be_hidden()


def test_a_deadline_is_one_of_those_proposed_or_a_day_of_ones_own(play, visit, page):
    hazard = play.act(play.found(), "grade", "inspector")
    visit("inspector", path(hazard, "order"), PHONE)
    expect(page.get_by_label("7 days → 2026-11-30")).to_be_checked()
    day = page.get_by_label("A day of your own").last
    day.fill("2026-12-24")
    expect(page.get_by_label("A day of your own").first).to_be_checked()
    page.get_by_label("15 working days → 2026-12-14").check()
    expect(day).to_have_value("")
    page.get_by_label("What must be done").fill("清理通道")
    page.get_by_role("button", name="Order rectification").click()
    expect(page.locator("#messages")).to_contain_text("Rectification ordered")
    hazard.refresh_from_db()
    assert str(hazard.due_on) == "2026-12-14"


def test_the_bell_rings_on_an_open_page(play, visit, page):
    hazard = play.ordered()
    page.clock.install()
    visit("enterprise", path(hazard))
    bell = page.locator("[data-bell]")
    expect(bell).to_have_attribute("aria-label", "Alerts")
    sweep(now=hazard.due_at)
    page.clock.fast_forward(31_000)
    expect(bell).to_have_attribute("aria-label", "Alerts, 1 not read")
    expect(bell).to_contain_text("1")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_no_page_is_wider_than_the_screen(play, live_server, browser, width, language):
    hazard = play.ordered()
    sweep(now=hazard.due_at)
    pages = [path(hazard), path(hazard, "submit"), path(hazard, "ask_extension")]
    pages += [reverse("my_work"), reverse("alerts:list")]
    client = Client()
    client.force_login(play.person("enterprise"))
    with browser.new_context(locale=language, viewport={"width": width, "height": 740}) as context:
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        for each in pages:
            page.goto(live_server.url + each)
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, each
