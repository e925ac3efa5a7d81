"""Apply changed deadlines and a newly published calendar to what is open."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from responsibility.obligations.recompute import recompute
from safegrid.kernel import clock


class Command(BaseCommand):
    """Recompute every open deadline that a policy gave; the ledger keeps each move."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer to look first."""
        parser.add_argument("--dry-run", action="store_true", help="say how many would move")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many deadlines moved, or would."""
        write = not options["dry_run"]
        moved = recompute(actor=None, acting_post=None, now=clock.now(), write=write)
        self.stdout.write(f"{moved} deadlines {'moved' if write else 'would move'}")
