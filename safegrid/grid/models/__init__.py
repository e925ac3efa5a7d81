"""The grid's models, one module a subject."""

from safegrid.grid.models.counts import Count, CountDelta
from safegrid.grid.models.districts import District, Succession
from safegrid.grid.models.enterprises import Enterprise, Site, SiteMatter
from safegrid.grid.models.imports import ImportJob, ImportRow, SavedMapping
from safegrid.grid.models.matters import Feature, Industry, Matter
from safegrid.grid.models.past import PastPlace
from safegrid.grid.models.register import RegisterEntry
from safegrid.grid.models.reorganisations import PLANNED, PlannedReorganisation, Reorganisation
from safegrid.grid.models.status import StatusChange
from safegrid.grid.models.units import Unit, UnitSuccession

__all__ = [
    "PLANNED",
    "Count",
    "CountDelta",
    "District",
    "Enterprise",
    "Feature",
    "ImportJob",
    "ImportRow",
    "Industry",
    "Matter",
    "PastPlace",
    "PlannedReorganisation",
    "RegisterEntry",
    "Reorganisation",
    "SavedMapping",
    "Site",
    "SiteMatter",
    "StatusChange",
    "Succession",
    "Unit",
    "UnitSuccession",
]
