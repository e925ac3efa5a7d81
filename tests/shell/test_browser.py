"""What the shell's scripts do, in a real Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PASSWORD = "a password of one's own"


@pytest.fixture
def portal(live_server, cast, page: Page) -> Iterator[Page]:
    """A page on which the bureau's person has signed in; nothing on it may break the policy."""
    cast.bureau.set_password(PASSWORD)
    cast.bureau.email = ""
    cast.bureau.save()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Refused" in message.text else None)
    sign_in(page, live_server.url)
    yield page
    assert refused == []


def sign_in(page: Page, address: str) -> None:
    """Sign in at the sign-in page, wherever that leads."""
    page.goto(f"{address}/accounts/login/?next=/accounts/email/")
    fill_in(page)


def fill_in(page: Page) -> None:
    """Fill in the sign-in form that is open."""
    page.fill("[name=login]", "bureau")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/accounts/email/")


def test_dark_is_remembered(portal):
    before = portal.locator("html").get_attribute("data-bs-theme")
    portal.locator("[data-theme-toggle]:visible").click()
    portal.reload()
    after = portal.locator("html").get_attribute("data-bs-theme")
    assert {before, after} == {"light", "dark"}


def test_the_language_changes_and_the_page_stays(portal):
    address = portal.url
    portal.locator(".languages button:visible").click()
    expect(portal.locator("html")).to_have_attribute("lang", "zh-hans")
    assert portal.url == address


def test_a_question_mark_opens_the_keys_and_escape_closes_them(portal):
    portal.keyboard.press("?")
    expect(portal.locator("#help-dialog")).to_be_visible()
    portal.keyboard.press("Escape")
    expect(portal.locator("#help-dialog")).to_be_hidden()


def test_typed_text_survives_a_session_that_ended(portal, context):
    portal.fill("#id_email", "typed@example.org")
    context.clear_cookies(name="sessionid")
    portal.click("[name=action_add]")
    portal.wait_for_url("**/accounts/login/**")
    fill_in(portal)
    expect(portal.locator("#id_email")).to_have_value("typed@example.org")
    expect(portal.locator("#messages")).to_contain_text("is back")


def test_text_that_arrived_is_not_put_back(portal):
    portal.fill("#id_email", "arrived@example.org")
    portal.click("[name=action_add]")
    expect(portal.locator("main")).to_contain_text("arrived@example.org")
    portal.goto(portal.url)
    expect(portal.locator("#id_email")).to_have_value("")


def test_typed_text_is_not_shown_to_another_person(portal, context, cast, live_server):
    portal.fill("#id_email", "typed@example.org")
    context.clear_cookies(name="sessionid")
    portal.click("[name=action_add]")
    portal.wait_for_url("**/accounts/login/**")
    cast.rival.set_password(PASSWORD)
    cast.rival.save()
    portal.fill("[name=login]", "rival")
    portal.fill("[name=password]", PASSWORD)
    portal.press("[name=password]", "Enter")
    portal.wait_for_url("**/accounts/email/")
    expect(portal.locator("#id_email")).to_have_value("")
    assert portal.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:'))") == []


def test_a_form_is_sent_once_however_often_it_is_pressed(portal):
    sent = []  # what was sent, and is never answered, like on a slow line
    portal.route("**/accounts/email/", lambda route: sent.append(route))
    portal.fill("#id_email", "once@example.org")
    portal.evaluate("""() => {
        const button = document.querySelector("[name=action_add]");
        for (const wait of [0, 60, 120]) setTimeout(() => button.click(), wait);
    }""")
    portal.wait_for_timeout(500)
    assert [route.request.method for route in sent] == ["POST"]
    sent[0].abort()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_account_page_is_wider_than_the_screen(portal, live_server, width):
    portal.set_viewport_size({"width": width, "height": 740})
    for path in ("email/", "password/change/", "2fa/", "2fa/webauthn/", "logout/"):
        portal.goto(f"{live_server.url}/accounts/{path}")
        wide = portal.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
