"""My work: what do I owe?"""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from responsibility.obligations import queries
from safegrid.kernel import clock
from safegrid.kernel.jinja import part


def work_of(request: HttpRequest) -> SafeString:
    """Return the page of my work that the address asks for, without its shell."""
    work = queries.my_work(
        request.user,
        now=clock.now(),
        page=_number(request, "page"),
        waiting_page=_number(request, "waiting"),
    )
    return part("responsibility/_my_work.html", {"work": work})


def _number(request: HttpRequest, name: str) -> int:
    """Return a page's number from the address; the first for anything that is none."""
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 6 else 1
