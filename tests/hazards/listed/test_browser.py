"""The panel and the forms of a listing in a real Chromium, on a phone and on a desk, in both languages."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from safegrid.files.models import Evidence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture
def visit(page: Page, live_server, play):
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))

    def go(name: str, path: str, language: str, size: str) -> Page:
        client = Client()
        client.force_login(play.person(name))
        page.context.clear_cookies()
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.context.set_extra_http_headers({"accept-language": language})
        page.set_viewport_size(SIZES[size])
        page.goto(live_server.url + path)
        return page

    yield go
    assert problems == []


def test_every_page_of_a_listing_fits_the_screen(board, play, visit):
    row = board.listed(note="危险性大，限期治理。")
    board.act(row, "report", "enterprise", note="已完成设备采购，本周开始安装。")
    play.play(row.hazard, [("plan", "enterprise"), ("submit", "enterprise"), ("accept", "inspector")])
    board.act(row, "ask", "enterprise")
    board.act(row, "check", "inspector", note="现场核查，通道畅通。")
    free = board.major()
    Evidence.objects.all().delete()  # there are no real files behind it
    hazard, other = f"/hazards/{row.hazard.number}/", f"/hazards/{free.number}/"
    for language in ("en", "zh-CN"):
        for size in SIZES:
            for name, path in (
                ("inspector2", hazard),
                ("inspector2", f"{hazard}listed/accept/"),
                ("bureau", f"{other}listed/"),
                ("bureau", "/hazards/?tab=listed"),
            ):
                page = visit(name, path, language, size)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (path, size, language)
                if path == hazard:  # on a phone the panel stands far below
                    assert page.locator('a[href="#listed"]').is_visible() is (size == "phone")
