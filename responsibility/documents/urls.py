"""The address of a document."""

from django.urls import path

from responsibility.documents import views

urlpatterns = [
    path("documents/<int:pk>/", views.download, name="document"),
    path("documents/<int:pk>/pdf/", views.download, {"pdf": True}, name="document_pdf"),
]
