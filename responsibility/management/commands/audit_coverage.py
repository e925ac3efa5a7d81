"""Look for gaps and overlaps in who answers for what, as the audit does every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from responsibility.coverage.audit import audit, follow
from safegrid.kernel import clock


class Command(BaseCommand):
    """Run the coverage audit, of everything or of what has changed since the last one."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --touched."""
        parser.add_argument(
            "--touched", action="store_true", help="only what has changed since the last audit"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was found and mended, and what is still open."""
        done = follow(now=clock.now()) if options["touched"] else audit(now=clock.now())
        if done is None:
            self.stdout.write("nothing has changed since the last audit")
            return
        self.stdout.write(f"{done.found} found, {done.mended} mended, {done.open} to be resolved")
