"""Addresses of inspections."""

from django.urls import path

from inspections.listings import self_inspections, visits
from inspections.views import checklists
from inspections.views import self_inspections as filling
from inspections.views import visits as visiting
from safegrid.kernel.listing.views import ListingView

app_name = "inspections"

urlpatterns = [
    path("", ListingView.as_view(listing=visits), name="visits"),
    path("self/", ListingView.as_view(listing=self_inspections), name="self"),
    path("self/<int:pk>/", filling.fill, name="self_fill"),
    path("self/<int:pk>/save/", filling.save, name="self_save"),
    path("self/<int:pk>/review/", filling.review, name="self_review"),
    path("self/<int:pk>/receipt/", filling.receipt, name="self_receipt"),
    path("checklists/", checklists.checklists, name="checklists"),
    path("new/", visiting.new, name="visit_new"),
    path("<slug:number>/", visiting.detail, name="visit_detail"),
]
