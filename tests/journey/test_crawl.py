"""Following every link that a person is shown: all of them answer, and none leads to another enterprise."""

import re
from collections import Counter, deque
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest

from tests.journey.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journey")]

OTHERS = ("西宁恒盛餐饮有限公司", "西宁丁香教育咨询有限公司")  # tenants of the same building as the rival
LANDLORD = "西宁河湟物业管理有限公司"
SKIPPED = re.compile(r"/logout/|/static/|\?.*(after|before|sort|lang)=|/admin/|format=xlsx|/2fa/|webauthn")
MAIL = re.compile(r'<pre class="mail-text">.*?</pre>', re.S)  # its links are for its recipient
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9]+")
LINK = re.compile(r'(?:href|hx-get|action|data-geojson|data-url)="([^"#]+)"')


GUESSED = (
    "/hazards/?tab=all",
    "/api/v1/",
    "/api/v1/hazards/",
    "/grid/map/",
    "/grid/map/sites.json",
    "/analysis/",
)

#: What a template leaves when nobody filled it in.
UNFILLED = re.compile(r"\{\{ ?\w|\{% |%\(\w+\)s")


def kind_of(address: str) -> tuple[str, ...]:
    """Return what addresses of one kind of page share: the path without numbers, and what is asked for."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    views = [f"tab={asked['tab']}"] if [*asked] == ["tab"] else []
    return (NUMBER.sub("#", parts.path), *views, *sorted(asked))


def crawl(page, portal: str, start: tuple[str, ...], alike: int) -> dict[str, tuple[int, str]]:
    """Return (status, text) of what can be reached by links from those at `start`.

    Of each kind of page `alike` are opened: hazards and filters go on for ever.
    """
    seen: dict[str, tuple[int, str]] = {}
    waiting, queued, kinds = deque(start), set(start), Counter()
    while waiting:
        address = waiting.popleft()
        response = page.request.get(urljoin(portal, address), max_redirects=0)
        kind = response.headers.get("content-type", "")
        text = response.text() if kind.startswith(("text/", "application/json", "application/geo")) else ""
        seen[address] = (response.status, text)
        if "html" not in kind:
            continue
        for link in LINK.findall(MAIL.sub("", text)):
            target = urlsplit(urldefrag(urljoin(portal + address, link.replace("&amp;", "&"))).url)
            path = target.path + (f"?{target.query}" if target.query else "")
            if target.netloc != urlsplit(portal).netloc or path in queued or SKIPPED.search(path):
                continue
            queued.add(path)
            kinds[kind_of(path)] += 1
            if kinds[kind_of(path)] <= alike:
                waiting.append(path)
    return seen


@pytest.fixture
def crawled(portal, sign_in):
    def go(username: str, *more: str, alike: int = 2) -> dict[str, tuple[int, str]]:
        return crawl(sign_in(username), portal, ("/", *more), alike)

    return go


@pytest.mark.parametrize(("username", "language"), [("bureau", "en-US"), ("enterprise", "zh-CN")])
def test_no_page_that_a_person_is_shown_is_wider_than_a_phone(crawled, sign_in, username, language):
    pages = [a for a, (status, text) in crawled(username).items() if status == 200 and "<html" in text]
    page = sign_in(username, PHONE, locale=language)
    wide = {}
    for address in pages:
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide[address] = over
    assert wide == {}
    assert len(pages) > 20


def test_the_rival_reaches_no_word_of_another_enterprise_by_any_link(crawled, sign_in):
    reached = crawled("rival", *GUESSED, alike=6)
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
    assert [url for url, (_status, text) in reached.items() if UNFILLED.search(text)] == []
    assert len(reached) > 20
