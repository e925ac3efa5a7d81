"""Addresses that stay the same while a process runs, worked out once: every page has dozens of them."""

from collections.abc import Callable, Iterable
from functools import cache
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse


@cache
def address(view: str) -> str:
    """Return the address of a page that takes nothing."""
    return reverse(view)


MARK = "1000000007"  # stands where a row's key goes, a number or a text


@cache
def _around(view: str, *more: str) -> tuple[str, str]:
    before, _mark, after = reverse(view, args=[MARK, *more]).partition(MARK)
    return before, after


def addresses(view: str, keys: Iterable[int | str], *more: str) -> list[str]:
    """Return the addresses of a page that takes a key and `more`, for each of `keys`: numbers, or codes."""
    before, after = _around(view, *more)
    return [f"{before}{key}{after}" for key in keys]


def of_view(view: str, tab: str) -> Callable[[str, str], str]:
    """Return the function that names the saved view `tab` of a list in a place: by its level and its code."""

    def in_place(level: str, code: str) -> str:
        return f"{address(view)}?{urlencode({'tab': tab, **({level: code} if code else {})})}"

    return in_place


@cache
def asset(path: str) -> str:
    """Return the address of a static file."""
    return static(path)
