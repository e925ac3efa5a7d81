"""Addresses of hazards."""

from django.urls import path

from hazards import views
from hazards.listing import hazards
from safegrid.kernel.listing.views import ListingView

app_name = "hazards"

urlpatterns = [
    path("", ListingView.as_view(listing=hazards), name="list"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/photos/", views.photos, name="photos"),
    path("<str:number>/<slug:action>/", views.act_on, name="act"),
]
