"""Addresses of public reports for officials; part of those of hazards."""

from django.urls import path

from hazards.reports import views
from hazards.reports.listing import reports
from hazards.reports.registering import registering
from hazards.reports.workers import views as workers
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=reports), name="reports"),
    path("call/", views.call, name="report_call"),
    path("workers/", workers.listing, name="workers"),
    path("workers/sites/<int:pk>/", workers.notice, name="worker_notice"),
    path("workers/<str:number>/", workers.detail, name="worker_report"),
    path("workers/<str:number>/name/", workers.named, name="worker_name"),
    path("workers/<str:number>/name/erase/", workers.erasing, name="worker_erase"),
    path("workers/<str:number>/answer/<slug:way>/", workers.answering, name="worker_answer"),
    path("<str:number>/", views.detail, name="report"),
    path("<str:number>/site/", views.locating, name="report_site"),
    path("<str:number>/register/", registering, name="report_register"),
    path("<str:number>/reporter/", views.reporter_shown, name="report_reporter"),
    path("<str:number>/reporter/erase/", views.erasing, name="report_erase"),
    path("<str:number>/<slug:action>/", views.act_on, name="report_act"),
]
