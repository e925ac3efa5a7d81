"""Seal anew, by the first key, what was sealed by an old one; after it the old key can go."""

from typing import Any

from django.core.management.base import BaseCommand

from hazards.reports.sealing import reseal_all


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Seal who reported anew by the first key of REPORTS_KEY."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many; what no key opens is named and left as it is."""
        done, closed = reseal_all()
        self.stdout.write(f"{done} sealed anew, {closed} that no key opens")
