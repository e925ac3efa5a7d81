"""The addresses of a unit's page."""

from django.urls import path

from responsibility.units import views

urlpatterns = [
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/reorganise/", views.reorganising, name="unit_reorganise"),
    path("units/<int:pk>/reorganise/off/", views.calling_off, name="unit_call_off"),
]
