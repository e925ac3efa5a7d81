"""Addresses of responsibility statements."""

from django.urls import path

from responsibility.statements import template_views, views
from responsibility.statements.listing import statements
from safegrid.kernel.listing.views import ListingView

urlpatterns = [
    path("", ListingView.as_view(listing=statements), name="statements"),
    path("sign/", views.sign_many, name="statements_sign"),
    path("issue/", template_views.issuing, name="statements_issue"),
    path("ranking/", views.ranking, name="ranking"),
    path("table/", views.table, name="statements_table"),
    path("templates/", template_views.templates, name="statement_templates"),
    path("templates/<int:pk>/", template_views.template, name="statement_template"),
    path("templates/<int:pk>/copy/", template_views.copy, name="statement_template_copy"),
    path("<int:pk>/", views.statement, name="statement"),
    path("<int:pk>/word/", views.document, name="statement_word"),
    path("<int:pk>/causes/", views.causes, name="statement_causes"),
    path("<int:pk>/review/<int:line>/", views.reviewing, name="statement_review"),
]
