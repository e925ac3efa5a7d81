"""Addresses of what people owe and are told."""

from django.urls import include, path

from responsibility import views

urlpatterns = [
    path("my-work/", views.my_work, name="my_work"),
    path("alerts/", include("responsibility.alerts.urls")),
]
