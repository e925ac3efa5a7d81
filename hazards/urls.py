"""Addresses of hazards."""

from django.urls import path

from hazards.listing import hazards
from safegrid.kernel.listing.views import ListingView

app_name = "hazards"

urlpatterns = [
    path("", ListingView.as_view(listing=hazards), name="list"),
]
