"""The import of a ledger in a real Chromium: what a word means is said while the first rows follow."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from hazards.models import Hazard
from safegrid.grid import tasks
from safegrid.grid.imports import running
from safegrid.kernel import clock
from tests import factories as make
from tests.hazards.ledgers import HEAD, HOTEL, row, workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def worker(monkeypatch):
    """A worker that does what it is asked for once it is told to."""
    asked = []
    monkeypatch.setattr(tasks.run_import, "delay", asked.append)

    def work():
        while asked:
            running.run(asked.pop(0), clock=clock.now)

    return work


@pytest.fixture
def officer(page: Page, live_server, cast, policies):
    """A page as an officer sees it; nothing on it may fail."""
    make.SiteFactory(enterprise=cast.city.enterprise, name=HOTEL, at=cast.city.cell)
    client = Client()
    client.force_login(cast.inspector)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []


def is_narrow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_word_that_is_not_known_is_said_and_the_rows_come_in(officer, live_server, worker, tmp_path):
    path = tmp_path / "2026年隐患台账.xlsx"
    rows = [
        HEAD,
        *(row(n) for n in range(1, 4)),
        row(4, state="基本完成"),
        row(5, name="没有这家企业"),
        ["合计"],
    ]
    path.write_bytes(workbook({"2026年": rows, "2025年": [HEAD, row(9)]}))
    page = officer
    page.goto(f"{live_server.url}/hazards/")
    page.get_by_role("link", name="Import a ledger").click()
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#preview")).to_contain_text("“基本完成” is not known")
    page.get_by_label("基本完成").select_option(label="Rectifying")
    expect(page.locator("#preview")).not_to_contain_text("“基本完成” is not known")
    page.get_by_label("Keep these choices as").fill("月度台账")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert is_narrow(page)
    page.get_by_role("button", name="Check all rows").click()
    worker()
    page.get_by_role("button", name="Import 4 rows").click()
    worker()
    page.get_by_role("link", name="Show the rows of this file").click()
    expect(page.locator("table a[href^='/hazards/XN-2026-']")).to_have_count(4)
    assert Hazard.objects.count() == 4
