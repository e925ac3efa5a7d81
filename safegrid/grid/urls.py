"""Addresses of the grid."""

from django.urls import include, path

from safegrid.grid.listings import sites
from safegrid.grid.views.districts import districts
from safegrid.grid.views.enterprises import enterprise
from safegrid.grid.views.matters import matters
from safegrid.grid.views.merging import merging
from safegrid.grid.views.moving import moving
from safegrid.grid.views.naming import naming
from safegrid.grid.views.outlines import drawing
from safegrid.grid.views.placing import placing
from safegrid.grid.views.reorganising import calling_off, reorganising
from safegrid.grid.views.status import status
from safegrid.grid.views.units import units
from safegrid.kernel.listing.views import ListingView

app_name = "grid"

urlpatterns = [
    path("districts/", districts, name="districts"),
    path("districts/<str:code>/", districts, name="district"),
    path("districts/<str:code>/reorganise/", reorganising, name="reorganise"),
    path("districts/<str:code>/outlines/", drawing, name="outlines"),
    path("districts/<str:code>/reorganise/off/", calling_off, name="call_off"),
    path("matters/", matters, name="matters"),
    path("units/", units, name="units"),
    path("enterprises/", ListingView.as_view(listing=sites), name="enterprises"),
    path("enterprises/<int:pk>/", enterprise, name="enterprise"),
    path("enterprises/<int:pk>/status/", status, name="status"),
    path("enterprises/<int:pk>/move/", moving, name="move"),
    path("enterprises/<int:pk>/place/", placing, name="place"),
    path("enterprises/<int:pk>/principal/", naming, name="principal"),
    path("enterprises/<int:pk>/merge/", merging, name="merge"),
    path("imports/", include("safegrid.grid.imports.urls")),
    path("map/", include("safegrid.grid.map.urls")),
]
