"""Lists: one `Listing` declares scope, filters, columns, sorts, saved views and map properties.

The page, its fragments, CSV, XLSX, GeoJSON and the read API all come from that one declaration, and
all of them reach rows through `Model.objects.branches_for(user)`: nothing here knows another way.
"""

from safegrid.kernel.listing.columns import (
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    NameColumn,
    NumberColumn,
    PairColumn,
    PlaceColumn,
)
from safegrid.kernel.listing.declaration import Action, Listing, MapSpec, Sort, Tab, listings

__all__ = [
    "Action",
    "ChoiceColumn",
    "Column",
    "DateColumn",
    "DueColumn",
    "Listing",
    "MapSpec",
    "NameColumn",
    "NumberColumn",
    "PairColumn",
    "PlaceColumn",
    "Sort",
    "Tab",
    "listings",
]
