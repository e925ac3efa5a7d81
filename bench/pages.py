"""Pages of the portal as the measurements ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from bench.asking import Ask
from bench.readers import session, user
from safegrid.kernel import clock
from safegrid.kernel.listing import Listing, listings
from safegrid.kernel.listing.declaration import PAGE_SIZE
from safegrid.kernel.listing.keyset import Cursor, Order
from safegrid.kernel.listing.selection import Selection

HELLO = "/bench/hello"
ROWS = {"hazards": ("/hazards/", "/hazards/XN-"), "sites": ("/grid/enterprises/", "?site=")}
"""For a list its address, and what stands once in each of its rows."""


def hello(username: str) -> Ask:
    """Return the empty page as somebody asks for it."""
    return Ask(HELLO, session(username), "hello")


def page(username: str, name: str, query: str) -> Ask:
    """Return a page of a list that must show what there is to be shown: at scale 1 a full page."""
    path, marker = ROWS[name]
    rows = len(selection(username, listings[name], query).page().rows)
    return Ask(f"{path}?{query}", session(username), marker, rows)


@dataclass
class Asked:
    """What a `Selection` needs of a request."""

    user: Any
    GET: QueryDict


def selection(username: str, listing: Listing, query: str) -> Selection:
    """Return what somebody chose of a list."""
    return Selection(listing, Asked(user(username), QueryDict(query)), now=clock.now())


def last_page(username: str, name: str, query: str) -> Ask:
    """Return the deepest page that is full: the one after the row that has a page's rows behind it."""
    order = selection(username, listings[name], query).order
    turned = QueryDict(query, mutable=True)
    turned["sort"] = Order(order.sort, not order.descending).param
    rows = selection(username, listings[name], turned.urlencode()).page(size=PAGE_SIZE + 1).rows
    return after(username, name, query, {key: rows[key][-1] for key in (order.sort.field, "id")})


def after(username: str, name: str, query: str, row: Mapping[str, Any]) -> Ask:
    """Return the page that begins after a row."""
    order = selection(username, listings[name], query).order
    place = QueryDict(mutable=True)
    place["after"] = Cursor(row[order.sort.field], row["id"]).encode(order)
    return page(username, name, f"{query}&{place.urlencode()}")
