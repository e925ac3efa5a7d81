"""Addresses of alerts."""

from django.urls import path

from responsibility.alerts import views

app_name = "alerts"

urlpatterns = [
    path("", views.listing, name="list"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<slug:name>/", views.kept_mail, name="mail"),
    path("<int:pk>/", views.follow, name="open"),
    path("<int:pk>/read/", views.read, name="read"),
]
