"""`manage.py keep_days`: carry out what was planned up to today, with no broker."""

from typing import Any

from django.core.management.base import BaseCommand

from safegrid.grid import status
from safegrid.grid.sockets import day_keepers
from safegrid.grid.succession import services as succession
from safegrid.kernel import clock


class Command(BaseCommand):
    """Reorganisations first, then changes of status and seasons; repeating it changes nothing."""

    help = "Carry out planned reorganisations, changes of status and seasons."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many were carried out."""
        now = clock.now()
        places, statuses = succession.carry_out(now=now), status.carry_out(now=now)
        places += sum(keep(now=now) for keep in day_keepers)
        self.stdout.write(f"{places} reorganisations, {statuses} changes of status")
