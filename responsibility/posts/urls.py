"""Addresses of posts and handovers."""

from django.urls import path

from responsibility.posts import views

urlpatterns = [
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/handover/", views.handover, name="handover"),
    path("posts/<int:pk>/substitute/", views.substitute, name="substitute"),
    path("posts/<int:pk>/substitutes/<int:row>/", views.back, name="back"),
    path("handovers/<int:pk>/", views.sheet, name="handover_sheet"),
    path("handovers/<int:pk>/call-off/", views.calling_off, name="handover_call_off"),
    path("people/<int:pk>/leave/", views.leaving, name="leave"),
]
