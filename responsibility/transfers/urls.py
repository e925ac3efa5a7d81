"""Addresses of transfers."""

from django.urls import path

from responsibility.transfers import views
from responsibility.transfers.listing import transfers
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=transfers), name="transfers"),
    path("new/<slug:kind>/<int:pk>/", views.new, name="transfer_new"),
    path("<int:pk>/", views.transfer, name="transfer"),
    path("<int:pk>/<slug:action>/", views.answer, name="transfer_answer"),
]
