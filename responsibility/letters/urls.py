"""Addresses of letters to units."""

from django.urls import path

from responsibility.letters import views

urlpatterns = [
    path("units/<int:pk>/letter/", views.new, name="letter_new"),
    path("letters/<int:pk>/", views.letter, name="letter"),
    path("letters/<int:pk>/correct/", views.correct_page, name="letter_correct"),
    path("letters/<int:pk>/<str:action>/", views.act_on, name="letter_act"),
]
