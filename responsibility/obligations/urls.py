"""Addresses of what is owed."""

from django.urls import path

from responsibility.obligations.listing import obligations
from safegrid.kernel.listing.views import ListingView

urlpatterns = [path("", ListingView.as_view(listing=obligations), name="obligations")]
