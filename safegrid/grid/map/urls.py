"""Addresses of the map; part of the grid's."""

from django.urls import path

from safegrid.grid.map import views

urlpatterns = [
    path("", views.page, name="map"),
    path("areas/<slug:level>.json", views.areas, name="map_areas"),
    path("figures/<slug:level>.json", views.figures, name="map_figures"),
    path("sites.json", views.sites, name="map_sites"),
    path("sites/<int:pk>.json", views.site, name="map_site"),
]
