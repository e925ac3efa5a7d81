"""One search over everything a person may see. Each floor plugs its provider in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from safegrid.kernel.findable import SHORTEST
from safegrid.kernel.sockets import Socket

PER_PROVIDER = 8
FRAGMENT_HITS = 5


@dataclass(frozen=True)
class Hit:
    """Something found."""

    label: str
    detail: str
    url: str


@dataclass(frozen=True)
class Provider:
    """Finds one sort of thing: `find(user, text, limit)` goes through `visible_to`."""

    title: Any
    find: Callable[[Any, str, int], list[Hit]]
    more: Callable[[str], str]  # address of the list of all that was found


providers: Socket[Provider] = Socket("search providers")


def search(request: HttpRequest) -> HttpResponse:
    """Show what is found; as a fragment while somebody types."""
    text = request.GET.get("q", "").strip()[:60]
    limit = FRAGMENT_HITS if request.htmx else PER_PROVIDER  # type: ignore[attr-defined]
    groups = []
    if len(text) >= SHORTEST:
        groups = [(p, p.find(request.user, text, limit), p.more(text)) for p in providers]
        groups = [group for group in groups if group[1]]
    template = "search/_results.html" if request.htmx else "search/page.html"  # type: ignore[attr-defined]
    return render(request, template, {"q": text, "groups": groups, "short": len(text) < SHORTEST})
