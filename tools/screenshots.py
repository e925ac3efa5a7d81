"""Make the pictures of the README from a portal that is running: `python tools/screenshots.py [ADDRESS]`."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.chromium import find_chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 860}


def sign_in(browser: Browser, address: str, username: str, viewport: dict[str, int]):
    """A page on which somebody of the cast is signed in, in English."""
    page = browser.new_context(base_url=address, viewport=viewport, locale="en-US").new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", "safegrid-demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    return page


def main(address: str) -> None:
    """Sign in as each person and keep what they see."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])

        def shoot(page, name: str) -> None:
            page.wait_for_timeout(1500)
            page.screenshot(path=FOLDER / f"{name}.png")

        head = sign_in(browser, address, "chengdong", DESK)
        shoot(head, "dashboard")
        head.goto("/grid/map/")
        shoot(head, "map")
        officer = sign_in(browser, address, "inspector", DESK)
        officer.goto("/hazards/?tab=accept")
        officer.locator("main a[href^='/hazards/XN']").first.click()
        shoot(officer, "hazard")
        enterprise = sign_in(browser, address, "enterprise", PHONE)
        enterprise.locator("main a[href*='/inspections/self/']").first.click()
        shoot(enterprise, "self-inspection")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
