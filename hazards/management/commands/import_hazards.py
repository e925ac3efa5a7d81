"""`manage.py import_hazards PATH`."""

from safegrid.grid.imports.command import ImportCommand


class Command(ImportCommand):
    """Import a hazard ledger from the command line."""

    help = "Import a hazard ledger from a CSV or Excel file; bad rows go to a file with the reason for each."
    kind = "hazards"
