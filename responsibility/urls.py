"""Addresses of what people answer for, owe and are told."""

from django.urls import include, path

from responsibility.documents import verifying

responsibility = (
    [
        path("", include("responsibility.assignments.urls")),
        path("", include("responsibility.posts.urls")),
        path("", include("responsibility.units.urls")),
        path("", include("responsibility.documents.urls")),
        path("", include("responsibility.letters.urls")),
        path("instructions/", include("responsibility.instructions.urls")),
        path("statements/", include("responsibility.statements.urls")),
        path("own/", include("responsibility.enterprise_line.urls")),
        path("transfers/", include("responsibility.transfers.urls")),
        path("coverage/", include("responsibility.coverage.urls")),
        path("guidance/", include("responsibility.guidance.urls")),
        path("obligations/", include("responsibility.obligations.urls")),
        path("leaders/", include("responsibility.leaders.urls")),
    ],
    "responsibility",
)

urlpatterns = [
    path("verify/", verifying.ask, name="verify_ask"),
    path("verify/<str:code>/", verifying.verify, name="verify"),
    path("alerts/", include("responsibility.alerts.urls")),
    path("responsibility/", include(responsibility)),
]
