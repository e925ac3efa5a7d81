"""Addresses of imports; part of the grid's."""

from django.urls import path

from safegrid.grid.imports import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("templates/<slug:code>.csv", views.template, name="import_template"),
    path("<int:pk>/", views.job, name="import_job"),
    path("<int:pk>/preview/", views.preview, name="import_preview"),
    path("<int:pk>/sheet/", views.sheet, name="import_sheet"),
    path("<int:pk>/progress/", views.progress, name="import_progress"),
    path("<int:pk>/rejects.csv", views.bad_rows, name="import_rejects"),
    path("<int:pk>/<slug:verb>/", views.act, name="import_act"),
]
