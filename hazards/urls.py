"""Addresses of hazards."""

from django.urls import path

from hazards import views
from hazards.listing import hazards
from hazards.tables import views as tables

app_name = "hazards"

urlpatterns = [
    path("", tables.HazardsView.as_view(listing=hazards), name="list"),
    path("tables/", tables.tables, name="tables"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/photos/", views.photos, name="photos"),
    path("<str:number>/<slug:action>/", views.act_on, name="act"),
]
