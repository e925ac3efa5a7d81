"""My work: what do I owe?"""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from responsibility.obligations import queries
from safegrid.kernel import clock
from safegrid.kernel.jinja import part


def work_of(request: HttpRequest) -> SafeString:
    """Return the page of what is owed that the address asks for, without its shell."""
    work = queries.my_work(request.user, now=clock.now(), page=_number(request))
    return part("responsibility/_my_work.html", {"work": work})


def waiting_of(request: HttpRequest) -> SafeString:
    """Return the page of what is awaited that the address asks for, without its shell."""
    waiting = queries.awaited(request.user, now=clock.now(), page=_number(request))
    return part("responsibility/_waiting.html", {"waiting": waiting})


def _number(request: HttpRequest) -> int:
    """Return a page's number from the address; the first for anything that is none."""
    given = request.GET.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 1
