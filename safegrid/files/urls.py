"""Addresses of evidence."""

from django.urls import path

from safegrid.files import views

app_name = "files"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/small/", views.show, {"small": True}, name="thumbnail"),
]
