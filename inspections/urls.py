"""Addresses of inspections."""

from django.urls import path

from inspections.listings import self_inspections, visits
from safegrid.kernel.listing.views import ListingView

app_name = "inspections"

urlpatterns = [
    path("", ListingView.as_view(listing=visits), name="visits"),
    path("self/", ListingView.as_view(listing=self_inspections), name="self"),
]
