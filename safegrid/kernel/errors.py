"""Error pages for people. No stack trace reaches a user, in the local demo neither."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

log = logging.getLogger("safegrid.errors")


class PlainReporter(ExceptionReporter):
    """Django's debug report without its page: under DEBUG too, people see the plain 500 page."""

    def get_traceback_html(self) -> SafeString:
        """Return the page that people see; the traceback goes to the log."""
        return render_to_string("500.html")


class PlainErrorsMiddleware:
    """Replace Django's technical 404 page, which DEBUG brings, by the one that people see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.DEBUG and response.status_code == 404 and b"DEBUG = True" in response.content[-800:]:
            return render(request, "404.html", status=404)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form is too old or came from elsewhere, and what to do."""
    log.warning("csrf failure: %s", reason)
    return render(request, "403_csrf.html", status=403)
