"""Addresses of what people answer for, owe and are told."""

from django.urls import include, path

from responsibility import views

responsibility = (
    [
        path("", include("responsibility.assignments.urls")),
        path("coverage/", include("responsibility.coverage.urls")),
    ],
    "responsibility",
)

urlpatterns = [
    path("my-work/", views.my_work, name="my_work"),
    path("alerts/", include("responsibility.alerts.urls")),
    path("responsibility/", include(responsibility)),
]
