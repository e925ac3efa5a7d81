"""My work and the dashboard, and the first page, which is one of the two."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from analysis.dashboard.page import shown
from responsibility.instructions.queries import gives
from responsibility.views import waiting_of, work_of
from safegrid.accounts.choices import PostKind
from safegrid.kernel import clock
from safegrid.kernel.addresses import address
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.shell import page

#: Whose first question is "where is it bad?"; everybody else's is "what do I owe?".
HEADS = (PostKind.HEAD, PostKind.OFFICE, PostKind.AUDITOR)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the page that answers the first question of the post, or the one that `tab` asks for."""
    post = request.acting_post  # type: ignore[attr-defined]
    first = "dashboard" if post and post.kind in HEADS else "work"
    if request.GET.get("tab", first) == "dashboard" and _may_look(request):
        return dashboard(request)
    return my_work(request)


@require_safe
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what the person owes: the whole page, or only its content to htmx."""
    return _work(request, work_of(request))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what the person waits for: a page of its own, or what htmx puts below what is owed."""
    return _work(request, waiting_of(request))


def _work(request: HttpRequest, work: SafeString) -> HttpResponse:
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        return HttpResponse(work)
    return _page(request, "my_work", {"work": work})


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show where it is bad, to whoever reaches places."""
    if not _may_look(request):
        raise NotAllowed
    post = request.acting_post  # type: ignore[attr-defined]
    may_instruct = post is not None and gives(post)
    found = shown(request.user, request.GET, may_instruct=may_instruct, now=clock.now())
    return _page(request, "dashboard", {"shown": found})


def _may_look(request: HttpRequest) -> bool:
    return reach_of(request.user).is_official


def _page(request: HttpRequest, name: str, values: dict[str, Any]) -> HttpResponse:
    """Return one of the two; the menu marks it, also where it is shown as the first page."""
    around = {"tab": name, "may_look": _may_look(request)}
    return page(request, f"analysis/{name}.html", around | values, at=address(name))
