"""The project's addresses, the empty page that is the floor, and a plain admin to compare lists with."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from bench.admin import PlainAdmin
from hazards.models import Hazard
from safegrid.urls import urlpatterns as portal

plain = AdminSite(name="plain")
plain.register(Hazard, PlainAdmin)


def hello(request: HttpRequest) -> HttpResponse:
    """Answer with nothing to speak of, behind the same middleware, session and sign-in as every page."""
    return HttpResponse("hello")


urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/hello", hello),
    path("bench/admin/", plain.urls),
    *portal,
]
