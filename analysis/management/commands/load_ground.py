"""Load what every portal starts with, and what a newer version has added to it."""

from typing import Any

from django.core.management.base import BaseCommand

from analysis.ground import load_ground
from safegrid.kernel import clock


class Command(BaseCommand):
    """Add missing policies, checklists and the calendar; places and matters where there are none."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; what people have changed stays."""
        load_ground(now=clock.now())
