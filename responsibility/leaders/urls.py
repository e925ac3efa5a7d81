"""Addresses of leaders' duties; a leading post goes by the id of its post."""

from django.urls import path

from responsibility.leaders import views
from responsibility.leaders.listing import leaders
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=leaders), name="leaders"),
    path("table/", views.table, name="leaders_table"),
    path("<int:post>/", views.leader, name="leader"),
    path("<int:post>/duty/", views.duty, name="leader_duty"),
    path("<int:post>/wing/", views.wing, name="leader_wing"),
    path("<int:post>/wing/<int:pk>/end/", views.release, name="leader_wing_end"),
    path("<int:post>/deeds/<int:pk>/correct/", views.correct, name="leader_correct"),
    path("<int:post>/deeds/<int:pk>/cancel/", views.cancel, name="leader_cancel"),
]
