"""Health and metrics of a running portal."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django_prometheus.exports import ExportToDjangoView
from health_check.views import HealthCheckView

#: What each check looks at, in words.
PARTS = {
    "Database": _("Database"),
    "Cache": _("Cache"),
    "Storage": _("Files"),
    "BeatCheck": _("Alerts and background work"),
}


class HealthPage(HealthCheckView):
    """Says to a person, in their language, which part is well; programs get JSON or plain text."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Render without the request: nobody's session may be asked for when its store is what is broken."""
        parts = [(PARTS[type(result.check).__name__], not result.error) for result in self.results]
        page = {"parts": parts, "is_well": not context["errors"]}
        return HttpResponse(render_to_string("health.html", page), **kwargs)


def healthz() -> Any:
    """Return the view at /healthz: 200 when database, cache, storage and beat are well, 500 when not."""
    view = HealthPage.as_view(
        checks=[
            "health_check.checks.Database",
            "health_check.checks.Cache",
            "health_check.checks.Storage",
            "responsibility.alerts.pulse.BeatCheck",
        ]
    )
    return login_not_required(view)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Hand out the metrics to whoever brings the token; without a token set, only in the local mode."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not (settings.DEBUG if not token else constant_time_compare(given, token)):
        raise Http404
    return ExportToDjangoView(request)
