"""The main job, end to end, in a real browser against the portal as `make run` starts it."""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.journey.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

ENTERPRISE = "西宁恒盛餐饮有限公司"
PLANTED = "二层安全出口被货物堵塞"  # ordered in the seed, overdue two minutes after the first start
SPOT, PLAN, FOUND = "灭火器被货物遮挡", "排烟罩油污较厚", "后厨燃气管穿墙处未封堵"
ALERT_SECONDS = 200


def number_of(page: Page) -> str:
    """Return the hazard's number from the address of its page."""
    page.wait_for_url(re.compile(r"/hazards/XN-"))
    return re.search(r"/hazards/(XN-\d{4}-\d{6})/", page.url)[1]


def tiles(page: Page) -> dict[str, int]:
    page.goto("/?tab=dashboard")
    found = page.locator("[data-tile]").evaluate_all(
        "all => all.map(t => [t.dataset.tile, Number(t.querySelector('[data-value]').dataset.value)])"
    )
    return dict(found)


def on_the_map(page: Page) -> int:
    """Return how many open hazards the map's list names in 东关大街街道, where the demo enterprise stands."""
    page.goto("/grid/map/?layer=open")
    row = page.locator("main tr").filter(has_text="Dongguan Street Subdistrict")
    return int(row.locator("td").last.inner_text())


def answer(page: Page, item: str, value: str) -> None:
    page.locator(f"label[for='{item}-{value}']").click()


@pytest.fixture(scope="module")
def story() -> dict[str, str]:
    """What one step leaves for the next."""
    return {}


def test_step_2_the_enterprise_files_its_self_inspection_on_a_phone(sign_in, photo, story):
    page = sign_in("enterprise", PHONE)
    page.get_by_role("link", name=re.compile("^Fill in: Self-inspection")).click()
    page.wait_for_url(re.compile(r"/inspections/self/\d+/$"))
    items = page.locator("section.item")
    total = items.count()
    texts = " ".join(items.locator(".item-text").all_inner_texts()).lower()
    assert "gas" in texts  # the site uses gas
    assert "dust" not in texts  # and has no dust
    page.get_by_role("button", name="Same as last time, except").click()
    expect(page.locator("[data-progress-text]")).to_contain_text(f"of {total}")
    ids = items.evaluate_all("all => all.map(i => i.id)")
    for item in ids:  # whatever was wrong last time stays open
        if not page.locator(f"#{item} input[name='{item}-result']:checked").count():
            answer(page, item, "ok")
    spot, plan = ids[0], ids[1]
    answer(page, spot, "not_ok")
    page.fill(f"#{spot}-note", SPOT)
    page.locator(f"label[for='{spot}-spot']").click()
    files = page.locator(f"#{spot} input[type=file]")
    files.nth(0).set_input_files(photo("before"))
    page.locator(f"#{spot} .item-of-spot input[type=file]").first.set_input_files(photo("after"))
    answer(page, plan, "not_ok")
    page.fill(f"#{plan}-note", PLAN)
    page.locator(f"label[for='{plan}-plan']").click()
    page.fill(f"#{plan}-todo", "聘请专业公司清洗")
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=9)).date()
    page.fill(f"#{plan}-day", day.isoformat())
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Review and file").click()
    page.wait_for_url("**/review/")
    expect(page.get_by_text(SPOT)).to_be_visible()
    page.get_by_role("button", name="File", exact=True).click()
    page.wait_for_url("**/receipt/")
    expect(page.locator(".receipt-number")).to_have_text(re.compile(r"^ZC-\d{4}-\d{6}$"))
    expect(page.locator(".receipt")).to_contain_text(f"{total} answers")
    expect(page.locator(".receipt")).to_contain_text("2 photos received")
    assert "penalt" not in page.locator(".receipt-next").inner_text().lower()
    page.locator(".receipt-next a", has_text=SPOT).click()
    story["spot"] = number_of(page)
    expect(page.locator("main")).to_contain_text("Found by the enterprise")
    assert page.get_by_role("link", name="Confirm", exact=True).count() == 0  # not by who fixed it


def test_step_2_the_principal_confirms_what_was_fixed_on_the_spot(sign_in, story):
    page = sign_in("principal", PHONE)
    page.get_by_role("link", name=f"Confirm: Confirm what was fixed: {SPOT}").click()
    if "/confirm/" not in page.url:
        page.get_by_role("link", name="Confirm", exact=True).click()
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.wait_for_url(f"**/hazards/{story['spot']}/")
    expect(page.locator("main")).to_contain_text("Closed")


def test_step_3_an_inspector_records_a_visit_and_orders_rectification(sign_in, photo, story):
    page = sign_in("inspector")
    page.goto(f"/search/?q={quote(ENTERPRISE)}")
    page.locator("main").get_by_role("link", name=re.compile(ENTERPRISE)).first.click()
    page.wait_for_url(re.compile(r"/grid/enterprises/\d+/"))
    page.get_by_role("link", name="Record a visit").first.click()
    page.get_by_label(re.compile("Li Xuemei")).check()
    item = page.locator("details[open] section.item").first.get_attribute("id")
    answer(page, item, "not_ok")
    page.fill(f"#{item}-note", FOUND)
    page.locator(f"#{item} input[type=file]").first.set_input_files(photo("found"))
    page.get_by_role("button", name="Record the visit").click()
    page.wait_for_url(re.compile(r"/inspections/JC-\d{4}-\d{6}/"))
    expect(page.locator("main")).to_contain_text("Li Xuemei")
    expect(page.locator("main")).to_contain_text(FOUND)
    page.locator("main a[href^='/hazards/XN-']").first.click()
    story["found"] = number_of(page)
    page.get_by_role("link", name="Grade", exact=True).click()
    page.get_by_label("General hazard").check()
    page.get_by_role("button", name="Grade", exact=True).click()
    page.wait_for_url(f"**/hazards/{story['found']}/order/")  # what comes next is offered at once
    page.fill("[name=measures]", "立即停气封堵，检测合格后使用")
    page.locator("[name=policy][value=order_general_3]").check()
    page.get_by_role("button", name="Order rectification", exact=True).click()
    page.wait_for_url(f"**/hazards/{story['found']}/")
    expect(page.locator("main")).to_contain_text("Rectifying")
    expect(page.locator("main")).to_contain_text("due in 3 days")


def alerts_about(page: Page, title: str) -> int:
    page.goto("/alerts/")
    return page.locator("main").get_by_text(re.compile(f"{title}.*")).count()


def test_step_4_the_deadline_passes_and_everyone_on_the_rung_is_told_once(sign_in, story):
    pages = {name: sign_in(name) for name in ("enterprise", "principal", "inspector")}
    first = pages["enterprise"]
    for _ in range(ALERT_SECONDS // 5):
        first.goto("/alerts/")
        rows = (
            first.locator("main li, main tr").filter(has_text=PLANTED).filter(has_text="overdue since today")
        )
        if rows.count():
            break
        first.wait_for_timeout(5000)
    for page in pages.values():
        page.goto("/alerts/")
        rows = (
            page.locator("main li, main tr").filter(has_text=PLANTED).filter(has_text="overdue since today")
        )
        expect(rows).to_have_count(1)
    office = sign_in("bureau")
    for _ in range(12):
        office.goto("/alerts/outbox/")
        mails = office.locator("main li, main tr").filter(has_text=PLANTED)
        if mails.count() >= 3:
            break
        office.wait_for_timeout(5000)
    told = {name: mails.filter(has_text=f"{name}@").count() for name in (*pages, "rival", "bureau")}
    assert told == {"enterprise": 1, "principal": 1, "inspector": 1, "rival": 0, "bureau": 0}


def test_step_5_rectified_accepted_and_seen_on_the_dashboard_and_the_map(sign_in, photo, story):
    head = sign_in("chengdong")
    before, before_on_map = tiles(head), on_the_map(head)
    page = sign_in("enterprise", PHONE)
    page.get_by_role("link", name=re.compile(f"^Submit rectification: Rectify: {PLANTED}")).click()
    if "/submit/" not in page.url:
        page.get_by_role("link", name="Submit rectification", exact=True).click()
    story["planted"] = number_of(page)
    page.fill("[name=note]", "货物已清空，通道恢复畅通")
    page.locator("form#act input[type=file]").first.set_input_files(photo("cleared"))
    page.get_by_role("button", name="Submit rectification", exact=True).click()
    page.wait_for_url(f"**/hazards/{story['planted']}/")
    expect(page.locator("main")).to_contain_text("To accept")

    officer = sign_in("inspector")
    officer.goto(f"/hazards/{story['planted']}/")
    expect(officer.get_by_role("img", name=re.compile("before", re.I)).first).to_be_visible()
    expect(officer.get_by_role("img", name=re.compile("after", re.I)).first).to_be_visible(timeout=60_000)
    officer.get_by_role("link", name="Accept", exact=True).click()
    officer.fill("[name=note]", "现场复查，整改到位")
    officer.get_by_role("button", name="Accept", exact=True).click()
    officer.wait_for_url(f"**/hazards/{story['planted']}/")
    expect(officer.locator("main")).to_contain_text("Closed")

    after = tiles(head)
    assert after["overdue"] == before["overdue"] - 1
    assert after["open"] == before["open"] - 1
    assert after["closed"] == before["closed"] + 1
    assert on_the_map(head) == before_on_map - 1
    head.goto("/?tab=dashboard")
    for key, value in after.items():
        link = head.locator(f"[data-tile={key}]").get_attribute("href")
        rows = head.request.get(f"{link}&format=csv").text().strip().splitlines()[1:]
        assert len(rows) == value, key


ADDRESSES: list[Callable[[dict[str, str]], str]] = [
    lambda s: f"/hazards/{s['planted']}/",
    lambda s: f"/hazards/{s['spot']}/",
    lambda s: f"/hazards/{s['found']}/",
    lambda s: f"/hazards/{s['found']}/submit/",
]


def test_step_6_the_rival_finds_nothing_of_the_other_enterprise(sign_in, story):
    page = sign_in("rival")
    for address in ADDRESSES:
        assert page.goto(address(story)).status == 404
    own = page.request.get("/api/v1/hazards/").text()
    assert ENTERPRISE not in own
    for address in (
        "/",
        "/hazards/?tab=all",
        "/hazards/?tab=all&format=csv",
        f"/hazards/?tab=all&q={quote(PLANTED)}",
        "/grid/enterprises/",
        f"/search/?q={quote(ENTERPRISE)}",
        "/inspections/",
        "/inspections/self/",
        "/alerts/",
        "/alerts/outbox/",
        "/api/v1/hazards/",
        f"/api/v1/hazards/?q={quote(ENTERPRISE)}",
    ):
        response = page.request.get(address)
        assert response.status == 200, address
        text = response.text().replace(f'value="{ENTERPRISE}"', "").replace(f"“{ENTERPRISE}”", "")
        assert ENTERPRISE not in text, address
        assert SPOT not in text
        assert FOUND not in text
