"""Health and metrics of a running portal."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django_prometheus.exports import ExportToDjangoView
from health_check.views import HealthCheckView


def healthz() -> Any:
    """Return the view at /healthz: 200 when database, cache, storage and beat are well, 500 when not."""
    view = HealthCheckView.as_view(
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
