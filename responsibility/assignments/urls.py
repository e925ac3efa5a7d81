"""Addresses of assignments."""

from django.urls import path

from responsibility.assignments import views

urlpatterns = [
    path("", views.assignments, name="assignments"),
    path("assign/", views.new, name="assign"),
    path("assign/many/", views.new_many, name="assign_many"),
    path("<int:pk>/end/", views.ending, name="end"),
    path("<int:pk>/call-off/", views.calling_off, name="call_off"),
    path("sites/<int:pk>/", views.site, name="site"),
    path("sites/<int:pk>/notice/", views.notice, name="notice"),
]
