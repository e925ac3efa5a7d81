"""Addresses of what people answer for, owe and are told."""

from django.urls import include, path

responsibility = (
    [
        path("", include("responsibility.assignments.urls")),
        path("", include("responsibility.posts.urls")),
        path("", include("responsibility.units.urls")),
        path("coverage/", include("responsibility.coverage.urls")),
        path("guidance/", include("responsibility.guidance.urls")),
        path("leaders/", include("responsibility.leaders.urls")),
    ],
    "responsibility",
)

urlpatterns = [
    path("alerts/", include("responsibility.alerts.urls")),
    path("responsibility/", include(responsibility)),
]
