"""Importing enterprises with their sites: one row for a site.

An enterprise is recognised by its USCC, else by name and address, so that importing a file twice changes
nothing. An empty cell never erases what is known. What nothing places lands to be placed.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.imports.enterprises.fields import FIELDS, PROBLEMS, SHOWN
from safegrid.grid.imports.enterprises.importer import EnterpriseImporter
from safegrid.grid.imports.kinds import Kind, kinds
from safegrid.grid.models import ImportJob


def _rows(job: ImportJob, became: str) -> str:
    """Return the address of the list of the sites of which `became` became."""
    narrowed = f"&became={became}" if became else ""
    return f"{reverse('grid:enterprises')}?imported={job.pk}{narrowed}"


enterprises = kinds.plug(
    "enterprises",
    Kind(
        code="enterprises",
        label=_("Enterprises and their sites"),
        fields=FIELDS,
        importer=EnterpriseImporter,
        problems=PROBLEMS,
        shown=SHOWN,
        result_url=_rows,
        placed=True,
    ),
    order=10,
)
