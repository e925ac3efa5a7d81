"""What responsibility adds to the shell: the bell."""

from django.http import HttpRequest
from django.urls import reverse

from responsibility.alerts.models import Alert
from safegrid.kernel.shell import values

MANY = 100  # beyond which nobody counts


def _unread(request: HttpRequest) -> int:
    return Alert.objects.visible_to(request.user).unread()[:MANY].count()


def _alerts_url(request: HttpRequest) -> str:
    return reverse("alerts:list")


def _bell_url(request: HttpRequest) -> str:
    return reverse("alerts:bell")


values.plug("unread", _unread)
values.plug("alerts_url", _alerts_url)
values.plug("bell_url", _bell_url)
