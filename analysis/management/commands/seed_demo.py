"""Fill an empty local portal with the demo city."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from analysis.demo.seed import seed_demo


class Command(BaseCommand):
    """Build the demo city; do nothing when it stands."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside the local mode: the demo accounts' password is public."""
        if not settings.DEBUG:
            raise CommandError("The demo city is for the local mode (DEBUG) only: its password is public.")
        if not seed_demo(say=self.stdout.write):
            self.stdout.write("The demo city is there already.")
