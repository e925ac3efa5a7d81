"""Work out the scores of statements and lock the quarters that are due, as every night."""

from typing import Any

from django.core.management.base import BaseCommand

from responsibility.statements.scoring import nightly
from safegrid.kernel import clock


class Command(BaseCommand):
    """Score and lock, without a broker."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many scores were locked."""
        self.stdout.write(f"{nightly(now=clock.now())} locked")
