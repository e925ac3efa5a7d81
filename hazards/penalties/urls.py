"""Addresses of penalties."""

from django.urls import path

from hazards.penalties import views
from hazards.penalties.closing.listing import closures
from hazards.penalties.closing.views import closure
from hazards.penalties.listing import penalties
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=penalties), name="penalties"),
    path("at/<int:pk>/", views.at_site, name="penalty_at"),
    path("for/<str:number>/", views.of_hazard, name="penalty_new"),
    path("closures/", ListingView.as_view(listing=closures), name="closures"),
    path("closures/<int:pk>/", closure, name="closure"),
    path("<int:pk>/", views.detail, name="penalty"),
    path("<int:pk>/correct/", views.correcting, name="penalty_correct"),
]
