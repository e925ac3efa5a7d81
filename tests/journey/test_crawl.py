"""Following every link that a person is shown: all of them answer, and none leads to another enterprise."""

import re
from collections import deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

OTHERS = ("西宁恒盛餐饮有限公司", "西宁丁香教育咨询有限公司")  # tenants of the same building as the rival
LANDLORD = "西宁河湟物业管理有限公司"
PAGES = 250  # for each person; a list's pages and filters go on for ever
SKIPPED = re.compile(r"/logout/|/static/|\?.*(after|before|sort|lang)=|/admin/|format=xlsx|/2fa/|webauthn")
LINK = re.compile(r'(?:href|hx-get|action|data-geojson|data-url)="([^"#]+)"')


GUESSED = (
    "/hazards/?tab=all",
    "/api/v1/",
    "/api/v1/hazards/",
    "/grid/map/",
    "/grid/map/sites.json",
    "/analysis/",
)


def crawl(page, portal: str, start: tuple[str, ...]) -> dict[str, tuple[int, str]]:
    """Return (status, text) of every page that can be reached by links from those at `start`."""
    seen: dict[str, tuple[int, str]] = {}
    waiting, queued = deque(start), set(start)
    while waiting and len(seen) < PAGES:
        address = waiting.popleft()
        response = page.request.get(urljoin(portal, address), max_redirects=0)
        kind = response.headers.get("content-type", "")
        text = response.text() if kind.startswith(("text/", "application/json", "application/geo")) else ""
        seen[address] = (response.status, text)
        if "html" not in kind:
            continue
        for link in LINK.findall(text):
            target = urlsplit(urldefrag(urljoin(portal + address, link.replace("&amp;", "&"))).url)
            path = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc == urlsplit(portal).netloc and path not in queued and not SKIPPED.search(path):
                queued.add(path)
                waiting.append(path)
    return seen


@pytest.fixture
def crawled(portal, sign_in):
    def go(username: str, *more: str) -> dict[str, tuple[int, str]]:
        return crawl(sign_in(username), portal, ("/", *more))

    return go


def test_the_rival_reaches_no_word_of_another_enterprise_by_any_link(crawled, sign_in):
    reached = crawled("rival", *GUESSED)
    leaks = {a: other for a, (_s, text) in reached.items() for other in (*OTHERS, LANDLORD) if other in text}
    assert leaks == {}
    # There is something to leak: the officer of that district reads it.
    officer = sign_in("inspector")
    assert OTHERS[0] in officer.request.get("/hazards/?tab=all&q=恒盛餐饮").text()


@pytest.mark.parametrize("username", ["bureau", "inspector", "gridofficer", "enterprise", "auditor", "rival"])
def test_every_link_that_a_person_is_shown_answers(crawled, username):
    reached = crawled(username)
    broken = {a: status for a, (status, _t) in reached.items() if status >= 400 and status != 405}
    assert broken == {}
    assert len(reached) > 20
