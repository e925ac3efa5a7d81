"""`manage.py import_districts PATH`."""

from safegrid.grid.imports.command import ImportCommand


class Command(ImportCommand):
    """Import districts from the command line."""

    help = "Import districts from a CSV or Excel file; bad rows go to a file with the reason for each."
    kind = "districts"
