"""My work: what do I owe?"""

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from responsibility.obligations import queries
from safegrid.kernel import clock
from safegrid.kernel.jinja import part
from safegrid.kernel.shell import page


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what the person owes and waits for: the whole page, or only its content to htmx."""
    work = work_of(request)
    is_fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    if is_fragment:
        return HttpResponse(work)
    return page(request, "responsibility/my_work.html", {"work": work})


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
