"""Addresses of the public form; no account is needed."""

from django.urls import path

from hazards.reports import public_views as views
from hazards.reports.workers import views as workers

app_name = "report"

urlpatterns = [
    path("", views.new, name="new"),
    path("status/", views.status, name="status"),
    path("receipt/", views.receipt, name="receipt"),
    path("photo/<str:token>/", views.photo, name="photo"),
    path("areas/<slug:level>.json", views.areas, name="areas"),
    path("inside/<str:code>/", workers.tell, name="inside"),
    path("<str:code>/", views.new, name="gate"),
]
