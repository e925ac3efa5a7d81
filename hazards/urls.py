"""Addresses of hazards."""

from django.urls import include, path

from hazards import drawing, views
from hazards.entering import views as entering
from hazards.listed import views as listed
from hazards.listing import hazards
from hazards.papers import views as papers
from hazards.tables import views as tables

app_name = "hazards"

urlpatterns = [
    path("", tables.HazardsView.as_view(listing=hazards), name="list"),
    path("import/", include("safegrid.grid.imports.urls")),
    path("new/", entering.new, name="enter"),
    path("tables/", tables.tables, name="tables"),
    path("papers/<int:pk>/correct/", papers.correct, name="paper_correct"),
    path("papers/of/<int:pk>/", papers.pick, name="paper_pick"),
    path("papers/<slug:kind>/new/", papers.new, name="paper_new"),
    path("penalties/", include("hazards.penalties.urls")),
    path("reports/", include("hazards.reports.urls")),
    path("spot-check/", drawing.draw_some, name="draw"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/photos/", views.photos, name="photos"),
    path("<str:number>/listed/", listed.list_it, name="listed_new"),
    path("<str:number>/listed/<slug:action>/", listed.act_on, name="listed_act"),
    path("<str:number>/<slug:action>/", views.act_on, name="act"),
]
