"""Addresses. One exists once what it is for works; until then it is in no menu."""

from django.contrib import admin
from django.urls import include, path

from analysis import views as analysis
from safegrid.accounts.tokens import revoke, tokens
from safegrid.accounts.views import act_as
from safegrid.health import healthz, metrics
from safegrid.kernel.search import search

urlpatterns = [
    path("", analysis.home, name="home"),
    path("my-work/", analysis.my_work, name="my_work"),
    path("my-work/waiting/", analysis.waiting, name="waiting"),
    path("analysis/", analysis.dashboard, name="dashboard"),
    path("search/", search, name="search"),
    path("healthz", healthz()),
    path("healthz/", healthz(), name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("accounts/act-as/", act_as, name="act_as"),
    path("accounts/tokens/", tokens, name="tokens"),
    path("accounts/tokens/<str:key>/revoke/", revoke, name="revoke_token"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("safegrid.kernel.listing.urls")),
    path("grid/", include("safegrid.grid.urls")),
    path("files/", include("safegrid.files.urls")),
    path("hazards/", include("hazards.urls")),
    path("report/", include("hazards.reports.urls_public")),
    path("inspections/", include("inspections.urls")),
    path("", include("responsibility.urls")),
]
