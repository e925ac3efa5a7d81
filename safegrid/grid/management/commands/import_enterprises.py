"""`manage.py import_enterprises PATH`."""

from safegrid.grid.imports.command import ImportCommand


class Command(ImportCommand):
    """Import enterprises from the command line."""

    help = "Import enterprises from a CSV or Excel file; bad rows go to a file with the reason for each."
    kind = "enterprises"
