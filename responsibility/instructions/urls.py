"""Addresses of instructions."""

from django.urls import path

from responsibility.instructions import views
from responsibility.instructions.listing import instructions

urlpatterns = [
    path("", views.InstructionsView.as_view(listing=instructions), name="instructions"),
    path("new/", views.new, name="instruction_new"),
    path("<int:pk>/", views.instruction, name="instruction"),
    path("<int:pk>/<str:action>/", views.end_page, name="instruction_end"),
    path("tasks/<int:pk>/<str:action>/", views.reply_page, name="instruction_reply"),
]
