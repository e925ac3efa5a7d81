"""Addresses of guidance."""

from django.urls import path

from responsibility.guidance import views
from responsibility.guidance.listing import notices
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=notices), name="guidance"),
    path("new/", views.new, name="guidance_new"),
    path("<int:pk>/", views.notice, name="guidance_notice"),
    path("<int:pk>/units/<int:unit>/confirm/", views.receipt, name="guidance_confirm"),
    path("<int:pk>/close/", views.end, name="guidance_close"),
]
