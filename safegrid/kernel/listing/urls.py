"""Addresses of the read API: every registered list, the schema, and its pages for people."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from safegrid.kernel.listing.api import RootAPI, urlpatterns_of_lists

app_name = "api"

urlpatterns = [
    path("", RootAPI.as_view(), name="root"),
    *urlpatterns_of_lists(),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # The split view has no script inside the page, which our content security policy forbids.
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
]
