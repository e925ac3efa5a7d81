"""Addresses of the coverage audit."""

from django.urls import path

from responsibility.coverage import views
from responsibility.coverage.listing import findings
from responsibility.regulators.views import regulator
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", views.coverage, name="coverage"),
    path("table/", views.table, name="coverage_table"),
    path("findings/", ListingView.as_view(listing=findings), name="findings"),
    path("findings/<int:pk>/", views.finding, name="finding"),
    path("cells.geojson", views.cell_faults, name="cell_faults"),
    path("findings/<int:pk>/register/", views.register, name="finding_register"),
    path("findings/<int:pk>/aside/", views.aside, name="finding_aside"),
    path("findings/<int:pk>/joint/", views.joint, name="joint"),
    path("findings/<int:pk>/regulator/", regulator, name="regulator"),
]
