"""The public form on a phone: a photo goes ahead, a doubled tap is one report, the number tells the rest."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from hazards.reports import gates
from hazards.reports.models import Report
from safegrid.files.models import Evidence
from tests.files.photos import encoded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(page: Page, live_server, city, policies, now, settings):
    """Somebody's phone; nothing on a page may fail, break the policy, or be wider than the screen."""
    settings.REPORTS_MIN_SECONDS = -1  # the clock stands still
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_viewport_size(PHONE)
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert problems == []


def test_a_report_by_the_gate_with_a_photo(phone, live_server, city, now):
    code = gates.code_of(city.hotel, now=now)
    phone.goto(live_server.url + reverse("report:gate", args=[code]))
    phone.get_by_label("What is dangerous?").fill("消防通道被锁")
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": encoded()}
    phone.locator("input[name=photos-camera]").set_input_files(photo)
    expect(phone.locator(".photo").get_by_text("Received")).to_be_visible()
    phone.get_by_role("button", name="Send the report").click()
    number = phone.locator(".report-number")
    expect(number).to_have_text(re.compile(r"^\w{4}-\w{4}-\w{4}$"))
    assert Report.objects.get().site == city.hotel
    assert Evidence.objects.count() == 1
    typed = number.text_content() or ""
    phone.get_by_role("link", name="What became of my report?").click()
    phone.get_by_label("Tracking number").fill(typed.lower())
    phone.get_by_role("button", name="Look it up").click()
    expect(phone.get_by_text("It has been received")).to_be_visible()


def test_a_point_on_the_map_is_enough_to_place_it(phone, live_server, city, now):
    city.chengdong.boundary = {
        "type": "Polygon",
        "coordinates": [[[101.7, 36.5], [101.9, 36.5], [101.9, 36.7], [101.7, 36.7], [101.7, 36.5]]],
    }
    city.chengdong.save()
    phone.goto(live_server.url + reverse("report:new"))
    phone.get_by_label("What is dangerous?").fill("路边有燃气味")
    phone.get_by_label("Where is it?").fill("公园北门")
    phone.get_by_text("Show the place on a map").click()
    expect(phone.locator("#report-map path").first).to_be_visible()
    phone.locator("#report-map").click(position={"x": 140, "y": 140})
    expect(phone.get_by_role("button", name="Take the point away")).to_be_visible()
    phone.get_by_role("button", name="Send the report").click()
    expect(phone.locator(".report-number")).to_be_visible()
    report = Report.objects.get()
    assert report.district == city.chengdong
    assert report.longitude is not None
