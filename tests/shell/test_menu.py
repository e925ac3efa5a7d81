"""The menu leads where it says, marks the page that is open, and no key leads to two."""

import re

import pytest
from django.test import Client

from safegrid.kernel.shell import Menu, MenuItem

MY_WORK, DASHBOARD = "/my-work/", "/analysis/"
LINK = re.compile(r'<a class="(side-link|phone-tab)[^"]*"\s+href="([^"]+)"\s+(aria-current="page")?')


def get(user, address):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    page = client.get(address)
    assert page.status_code == 200
    return page.text


def marked(page: str, sort: str) -> set[str]:
    """Return the addresses that the menu at the side, or the tabs of a phone, mark on a page."""
    return {url for kind, url, mark in LINK.findall(page) if kind == sort and mark}


@pytest.mark.parametrize(
    ("who", "address", "where"),
    [
        ("bureau", "/", DASHBOARD),
        ("bureau", "/?tab=dashboard", DASHBOARD),
        ("bureau", "/?tab=work", MY_WORK),
        ("bureau", MY_WORK, MY_WORK),
        ("bureau", DASHBOARD, DASHBOARD),
        ("inspector", "/", MY_WORK),
        ("inspector", "/?tab=dashboard", DASHBOARD),
        ("inspector", MY_WORK, MY_WORK),
        ("inspector", DASHBOARD, DASHBOARD),
        ("enterprise", "/", MY_WORK),
        ("enterprise", "/?tab=dashboard", MY_WORK),
        ("enterprise", MY_WORK, MY_WORK),
    ],
)
def test_the_page_that_is_open_is_marked_wherever_it_is_shown(cast, now, who, address, where):
    page = get(getattr(cast, who), address)
    assert marked(page, "side-link") == marked(page, "phone-tab") == {where}
    assert ('id="my-work"' in page) is (where == MY_WORK)
    tabs = re.findall(r'href="([^"]+)" aria-current="page">(?:My work|Dashboard)</a>', page)
    assert tabs == ([] if who == "enterprise" else [where])  # an enterprise has one page and needs no tabs


def test_every_entry_leads_to_a_page_that_marks_it(cast, now):
    entries = {url for sort, url, _mark in LINK.findall(get(cast.bureau, "/")) if sort == "side-link"}
    entries -= {"/accounts/password/change/", "/accounts/2fa/", "/accounts/tokens/"}
    assert {MY_WORK, DASHBOARD, "/hazards/"} <= entries
    for url in entries:
        assert marked(get(cast.bureau, url), "side-link") == {url}


def test_a_key_leads_to_one_page(cast, now):
    keys = re.findall(r'data-go="(\w)"', get(cast.bureau, "/"))
    assert len(keys) > 5
    assert len(set(keys)) == len(keys)
    entries = Menu("menu")
    entries.plug("maps", MenuItem("Maps", "maps", "map", key="m"))
    entries.plug("units", MenuItem("Units", "units", "sitemap"))
    entries.plug("matters", MenuItem("Matters", "matters", "binary-tree-2"))
    with pytest.raises(ValueError, match="'m' is taken"):
        entries.plug("meals", MenuItem("Meals", "meals", "map", key="m"))
