"""My work: what do I owe?"""

from django.http import HttpRequest
from django.utils.safestring import SafeString

from responsibility.obligations import queries
from responsibility.posts.queries import mine
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.jinja import part


def work_of(request: HttpRequest) -> SafeString:
    """Return the page of what is owed that the address asks for, without its shell."""
    now, number = clock.now(), _number(request)
    today = clock.local_date(now)
    work = queries.my_work(request.user, now=now, page=number)
    handovers = mine(request.user, today=today) if number == 1 else []
    sheets = addresses("responsibility:handover_sheet", [row.pk for row in handovers])
    pairs = list(zip(handovers, sheets, strict=True))
    shown = {"work": work, "handovers": pairs, "user": request.user, "today": today}
    return part("responsibility/_my_work.html", shown)


def waiting_of(request: HttpRequest) -> SafeString:
    """Return the page of what is awaited that the address asks for, without its shell."""
    waiting = queries.awaited(request.user, now=clock.now(), page=_number(request))
    return part("responsibility/_waiting.html", {"waiting": waiting})


def _number(request: HttpRequest) -> int:
    """Return a page's number from the address; the first for anything that is none."""
    given = request.GET.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 1
