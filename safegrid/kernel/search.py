"""One search over everything a person may see. Each floor plugs its provider in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse

from safegrid.kernel.findable import SHORTEST
from safegrid.kernel.jinja import part
from safegrid.kernel.shell import page
from safegrid.kernel.sockets import Socket

PER_PROVIDER = 8
FRAGMENT_HITS = 5


class Hit(NamedTuple):
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
    found = {"q": text, "groups": groups, "short": len(text) < SHORTEST}
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(part("search/_results.html", found))
    return page(request, "search/page.html", found)
