"""Give every risk point the colour of the bands as they are today: explicit, and recorded."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from responsibility.enterprise_line.services.risks import recolour
from safegrid.kernel import clock


class Command(BaseCommand):
    """Colour risk points anew."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """`--dry-run` only counts."""
        parser.add_argument("--dry-run", action="store_true", help="count them, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many change their colour."""
        write = not options["dry_run"]
        changed = recolour(actor=None, acting_post=None, now=clock.now(), write=write)
        self.stdout.write(
            f"{changed} risk points {'have another colour' if write else 'would change colour'}"
        )
