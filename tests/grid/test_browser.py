"""The import and the map in a real Chromium: no other host is asked, and the policy refuses nothing."""

import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import close_old_connections, connection
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from safegrid.grid.imports import running
from safegrid.grid.models import District, Enterprise, Site
from safegrid.kernel import clock
from tests.grid.sheets import code, xlsx_bytes

pytestmark = pytest.mark.browser
PASSWORD = "a password of one's own"


def square(west: float) -> dict[str, object]:
    """An outline some thirty kilometres wide."""
    east = round(west + 0.4, 1)
    return {
        "type": "Polygon",
        "coordinates": [[[west, 36.5], [east, 36.5], [east, 36.9], [west, 36.9], [west, 36.5]]],
    }


@pytest.fixture
def bureau(live_server, cast, page: Page) -> Iterator[Page]:
    """A page with the bureau signed in; afterwards nothing was refused, broken or asked of another host."""
    cast.bureau.set_password(PASSWORD)
    cast.bureau.save()
    wrong: list[str] = []
    # htmx calls a request an error that leaving the page cuts short; one that fails has a name of its own.
    cut_short = ("htmx:sendAbort", "htmx:afterRequest")
    page.on(
        "console",
        lambda m: wrong.append(m.text) if m.type == "error" and not m.text.startswith(cut_short) else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda r: wrong.append(r.url) if not r.url.startswith((live_server.url, "data:", "blob:")) else None,
    )
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=login]", "bureau")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")
    yield page
    assert wrong == []


@pytest.fixture
def worker() -> Iterator[None]:
    """Whatever is due is run, as the tick would have it."""
    stop = threading.Event()

    def work() -> None:
        while not stop.wait(0.3):
            close_old_connections()
            for pk in running.due(clock.now()):
                running.run(pk, clock=clock.now)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.fixture
def drawn(cast) -> None:
    """Outlines side by side, and a hotel with a position."""
    city = cast.city
    for west, places in {
        101.3: (city.chengxi, city.west_township),
        101.7: (city.chengdong, city.township, city.cell),
    }.items():
        District.objects.filter(pk__in=[place.pk for place in places]).update(boundary=square(west))
    Site.objects.filter(pk=city.hotel.pk).update(longitude=101.85, latitude=36.55)


def test_a_spreadsheet_with_merged_headings_comes_in(bureau, live_server, worker, tmp_path):
    rows = [["", "", "", ""], ["", "", "", ""], ["", "", "", ""]]
    rows += [["甲公司", code(1), "西宁市城东区1号", "李华"], ["乙公司", "9163", "西宁市城东区2号", ""]]
    merges = [
        (0, 0, 0, 3, "城东区企业台账"),
        (1, 0, 2, 0, "企业名称"),
        (1, 1, 2, 1, "统一社会信用代码"),
        (1, 2, 2, 2, "地址"),
        (1, 3, 2, 3, "联络人"),
    ]
    file = tmp_path / "台账.xlsx"
    file.write_bytes(xlsx_bytes(rows, merges))
    bureau.goto(f"{live_server.url}/grid/imports/")
    bureau.set_input_files("input[type=file]", file)
    bureau.click("form[data-upload] button[type=submit]")
    preview = bureau.locator("#preview")
    expect(preview).to_contain_text("甲公司")
    expect(preview).to_contain_text("does not have 18 characters")
    expect(preview).to_contain_text("Chengdong District")
    bureau.get_by_label("地址").select_option("")
    expect(preview).to_contain_text("to be placed")
    bureau.get_by_label("地址").select_option("address")
    bureau.get_by_label("联络人").select_option("principal")
    expect(preview).to_contain_text("Chengdong District")
    bureau.get_by_role("button", name="Check all rows").click()
    bureau.get_by_role("button", name="Import 1 row").click(timeout=20_000)
    bureau.locator("a.tile", has_text="New").click(timeout=20_000)
    expect(bureau.locator("main")).to_contain_text("甲公司")
    assert Enterprise.objects.get(uscc=code(1)).principal == "李华"


def test_a_file_that_is_too_big_is_told_before_it_travels(bureau, live_server, settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 1000
    file = tmp_path / "big.csv"
    file.write_bytes(b"x" * 1001)
    bureau.goto(f"{live_server.url}/grid/imports/")
    bureau.set_input_files("input[type=file]", file)
    assert "larger than" in bureau.locator("input[type=file]").evaluate("input => input.validationMessage")


def test_the_map_is_drawn_and_its_numbers_open_their_lists(bureau, live_server, drawn):
    bureau.goto(f"{live_server.url}/grid/map/?layer=sites")
    expect(bureau.locator("path.area")).to_have_count(2)
    expect(bureau.locator(".area-label", has_text="Chengdong District")).to_contain_text("3")
    expect(bureau.locator("#map-legend")).to_contain_text("Sites")
    bureau.get_by_role("link", name="Chengdong District").click()
    expect(bureau.locator(".dot")).to_have_count(1)
    bureau.locator(".dot").click()
    expect(bureau.locator(".leaflet-popup")).to_contain_text("Blue: low risk")
    bureau.locator(".map-total a").click()
    bureau.wait_for_url("**/grid/enterprises/?district=630102000000")


def test_the_list_beside_the_map_works_without_a_script(live_server, cast, browser):
    from django.test import Client

    client = Client()
    client.force_login(cast.bureau)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/grid/map/?layer=sites")
    page.get_by_role("link", name="Chengdong District").click()
    expect(page.locator(".map-title")).to_have_text("Chengdong District")
    page.select_option("#map-layer", "high_risk")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".map-total")).to_contain_text("Sites of high risk")
    context.close()


def open_area(page, number: int) -> None:
    """Press on an area until its popup is there: while the map still moves, a press is lost."""
    page.wait_for_load_state("networkidle")
    popup = page.locator(".leaflet-popup .popup-name")
    for _ in range(5):
        page.locator("path.area").nth(number).click()
        try:
            popup.wait_for(timeout=2_000)
        except PlaywrightTimeout:
            continue
        return
    raise AssertionError("no popup")


def test_places_chosen_on_the_map_are_those_of_the_form_for_many(bureau, live_server, drawn, policies):
    bureau.goto(f"{live_server.url}/grid/map/?layer=sites")
    areas, popup = bureau.locator("path.area"), bureau.locator(".leaflet-popup")
    action, marked = bureau.locator("[data-place-action]"), bureau.locator("path.area-chosen")
    expect(areas).to_have_count(2)
    expect(action).to_be_hidden()

    def press(number: int, button: str) -> str:
        """Press a button of an area's popup; return what the area is called."""
        open_area(bureau, number)
        popup.get_by_role("button", name=button, exact=True).click()
        name = popup.locator(".popup-name").inner_text()
        popup.locator(".leaflet-popup-close-button").click()
        expect(popup).to_have_count(0)
        return name

    names = [press(0, "Choose this place")]
    expect(action).to_have_text("Assign over these1")
    names.append(press(1, "Choose this place"))
    assert sorted(names) == ["Chengdong District", "Chengxi District"]
    expect(action).to_have_text("Assign over these2")
    expect(marked).to_have_count(2)
    press(0, "Do not choose it")
    press(1, "Do not choose it")
    expect(action).to_be_hidden()  # nothing is chosen any more
    expect(marked).to_have_count(0)
    press(0, "Choose this place")
    press(1, "Choose this place")
    action.click()
    bureau.wait_for_url("**/assign/many/?places=*")
    asked = parse_qs(urlsplit(bureau.url).query)
    assert {key: sorted(value[0].split(",")) for key, value in asked.items()} == {
        "places": ["630102000000", "630104000000"]
    }
    expect(bureau.get_by_text("2 places: Chengdong District, Chengxi District")).to_be_visible()
    expect(bureau.get_by_role("listbox", name="Posts")).to_be_visible()


def test_whoever_may_not_assign_chooses_no_places(live_server, cast, bureau, drawn):
    """Not even the button is there, as nothing could be done with what is chosen."""
    from django.test import Client

    client = Client()
    client.force_login(cast.auditor)
    cookie = client.cookies["sessionid"].value
    bureau.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    bureau.goto(f"{live_server.url}/grid/map/?layer=sites")
    expect(bureau.locator("path.area")).to_have_count(2)
    open_area(bureau, 0)
    expect(bureau.locator(".leaflet-popup button")).to_have_count(0)
    expect(bureau.locator("[data-place-action]")).to_have_count(0)
