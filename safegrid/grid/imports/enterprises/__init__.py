"""Importing enterprises with their sites: one row for a site.

An enterprise is recognised by its USCC, else by name and address, so that importing a file twice changes
nothing. An empty cell never erases what is known. What nothing places lands to be placed.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.imports.enterprises.fields import FIELDS, PROBLEMS, SHOWN
from safegrid.grid.imports.enterprises.importer import EnterpriseImporter
from safegrid.grid.imports.kinds import Kind, kinds

enterprises = kinds.plug(
    "enterprises",
    Kind(
        code="enterprises",
        label=_("Enterprises and their sites"),
        fields=FIELDS,
        importer=EnterpriseImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=lambda job: f"{reverse('grid:enterprises')}?imported={job.pk}",
        placed=True,
    ),
    order=10,
)
