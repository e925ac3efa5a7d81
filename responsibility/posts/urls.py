"""Addresses of posts and handovers."""

from django.urls import path

from responsibility.posts import officers, views

urlpatterns = [
    path("posts/<int:pk>/", views.post, name="post"),
    path("posts/<int:pk>/handover/", views.handover, name="handover"),
    path("posts/<int:pk>/substitute/", views.substitute, name="substitute"),
    path("posts/<int:pk>/substitutes/<int:row>/", views.back, name="back"),
    path("posts/<int:pk>/certificate/", officers.certificate, name="certificate"),
    path("posts/<int:pk>/cells/<int:scope>/take/", officers.taking_cell, name="take_cell"),
    path("cells/<str:code>/officer/", officers.cell_officer, name="cell_officer"),
    path("handovers/<int:pk>/", views.sheet, name="handover_sheet"),
    path("handovers/<int:pk>/call-off/", views.calling_off, name="handover_call_off"),
    path("people/<int:pk>/leave/", views.leaving, name="leave"),
]
