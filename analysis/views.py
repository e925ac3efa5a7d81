"""The first page: my work for everybody, the dashboard for those who head something."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from analysis.dashboard.page import shown
from responsibility.alerts.pulse import pulse
from responsibility.views import work_of
from safegrid.accounts.choices import PostKind
from safegrid.kernel import clock
from safegrid.kernel.refusals import NotAllowed
from safegrid.kernel.scope import reach_of
from safegrid.kernel.shell import page

#: Whose first question is "where is it bad?"; everybody else's is "what do I owe?".
HEADS = (PostKind.HEAD, PostKind.OFFICE, PostKind.AUDITOR)


def home(request: HttpRequest) -> HttpResponse:
    """Show my work or the dashboard: two tabs of one page, the one that suits the post first."""
    may_look = reach_of(request.user).is_official
    post = request.acting_post  # type: ignore[attr-defined]
    default = "dashboard" if may_look and post and post.kind in HEADS else "work"
    tab = request.GET.get("tab", default)
    now = clock.now()
    context: dict[str, Any] = {"tab": tab, "may_look": may_look, "pulse": pulse(now=now)}
    if tab == "dashboard" and may_look:
        context["shown"] = shown(request.user, request.GET, now=now)
        return page(request, "analysis/dashboard.html", context)
    context["tab"] = "work"
    return page(request, "analysis/work.html", context | {"work": work_of(request)})


def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the dashboard at an address of its own, to whoever reaches places."""
    if not reach_of(request.user).is_official:
        raise NotAllowed
    now = clock.now()
    context = {
        "tab": "dashboard",
        "may_look": True,
        "pulse": pulse(now=now),
        "shown": shown(request.user, request.GET, now=now),
    }
    return page(request, "analysis/dashboard.html", context)
