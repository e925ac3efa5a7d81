"""A list in a real Chromium: everything chosen stands in the address, and no place is lost."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from hazards.choices import Grade
from tests import factories as make

pytestmark = pytest.mark.browser


@pytest.fixture
def hazards(live_server, cast, client, page: Page):
    """The list of sixty hazards, six of them major, two of these about extinguishers."""
    for n in range(60):
        make.HazardFactory(
            site=cast.city.hotel,
            matter=cast.city.crowded,
            grade=Grade.MAJOR if n % 10 == 0 else Grade.GENERAL,
            title="灭火器过期" if n % 30 == 0 else "疏散通道被堵塞",
        )
    client.force_login(cast.bureau)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    complaints = []
    page.on("console", lambda each: complaints.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/hazards/")
    yield page
    assert complaints == []


def address(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def rows(page):
    return page.locator("#listing tbody tr")


def test_filter_search_sort_and_page_stand_in_the_address(hazards):
    expect(rows(hazards)).to_have_count(50)
    expect(hazards.locator("#count-open")).to_have_text("60")
    expect(hazards.locator("#count-major")).to_have_text("6")

    hazards.get_by_role("link", name="Next").click()
    expect(rows(hazards)).to_have_count(10)
    assert set(address(hazards)) == {"after"}
    hazards.get_by_role("link", name="Previous").click()
    expect(rows(hazards)).to_have_count(50)

    hazards.get_by_role("button", name="Filter").click()
    hazards.locator("#id_grade").select_option("major")
    hazards.get_by_role("button", name="Show").click()
    expect(rows(hazards)).to_have_count(6)
    assert address(hazards) == {"grade": "major"}
    expect(hazards.locator("#count-all")).to_have_text("6")

    box = hazards.locator("#listing-q")
    box.press_sequentially("灭火")
    expect(rows(hazards)).to_have_count(2)
    expect(box).to_be_focused()
    expect(box).to_have_value("灭火")
    assert address(hazards) == {"grade": "major", "q": "灭火"}

    hazards.get_by_role("link", name="Due", exact=True).click()
    expect(hazards.locator("th[aria-sort=ascending]")).to_have_text("Due")
    assert address(hazards) == {"grade": "major", "q": "灭火", "sort": "due"}

    hazards.reload()
    expect(rows(hazards)).to_have_count(2)
    expect(box).to_have_value("灭火")

    hazards.get_by_role("link", name="Remove the filter: Grade").click()
    expect(hazards.locator(".chip")).to_have_count(0)
    assert address(hazards) == {"q": "灭火", "sort": "due"}
    hazards.go_back()
    expect(hazards.locator(".chip")).to_contain_text("Major hazard")
    assert address(hazards) == {"grade": "major", "q": "灭火", "sort": "due"}


def test_an_export_is_a_file_with_what_is_shown(hazards):
    hazards.get_by_role("link", name="Major").click()
    expect(rows(hazards)).to_have_count(6)
    hazards.get_by_role("button", name="Export").click()
    with hazards.expect_download() as download:
        hazards.get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text("utf-8-sig").strip().splitlines()
    assert len(lines) == 1 + 6


@pytest.mark.parametrize("path", ["/hazards/", "/grid/enterprises/", "/inspections/", "/inspections/self/"])
def test_on_a_phone_rows_are_cards_and_nothing_sticks_out(hazards, cast, live_server, path):
    make.VisitFactory(site=cast.city.hotel, matter=cast.city.fire, unit=cast.city.emergency)
    make.SelfInspectionFactory(site=cast.city.hotel)
    hazards.set_viewport_size({"width": 360, "height": 740})
    hazards.goto(f"{live_server.url}{path}")
    expect(hazards.locator("#listing-total")).to_contain_text("in this view")
    assert hazards.evaluate("document.documentElement.scrollWidth") == 360
    first = rows(hazards).first
    labels = first.locator("td").evaluate_all(
        "cells => cells.filter(c => c.textContent.trim()).map(c => getComputedStyle(c, '::before').content)"
    )
    assert len([label for label in labels if label not in ("none", '""')]) >= 3
    assert first.locator("td").first.bounding_box()["width"] > 250
    tabs = hazards.locator(".listing-tab").evaluate_all(
        "tabs => tabs.map(t => t.getBoundingClientRect().height)"
    )
    assert min(tabs) >= 44  # pixels: a thumb
