"""`manage.py verify_summaries`: are the counts that pages show those of the rows?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from safegrid.grid.counts import differences, rebuild

SHOWN = 20


class Command(BaseCommand):
    """Compare every sum with the rows; exit with 1 when one differs."""

    help = "Compare the counts that pages show with the rows; --repair makes them anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="make all counts anew from the rows")

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for place, matter, industry, measure, day, ours, true in found[:SHOWN]:
            self.stdout.write(
                f"{measure} {day} place={place} matter={matter} industry={industry}: {ours} ≠ {true}"
            )
        if not found:
            self.stdout.write(_("All counts agree with the rows."))
        elif options["repair"]:
            rebuild()
            self.stdout.write(_("%(n)s counts differed; all were made anew.") % {"n": len(found)})
        else:
            raise CommandError(_("%(n)s counts differ.") % {"n": len(found)})
