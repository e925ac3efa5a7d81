"""Do what beat and worker do in the background, with no broker at all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from responsibility.alerts.delivery import deliver
from responsibility.alerts.sweep import sweep
from responsibility.enterprise_line import owing
from safegrid.kernel import clock


class Command(BaseCommand):
    """Open what falls due on enterprises' own lines, raise the alerts that are due, then send what waits."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many alerts were raised and mails sent."""
        owing.look(now=clock.now())
        raised = sweep(now=clock.now())
        try:
            sent = deliver(now=clock.now())
        except OSError as error:
            raise CommandError(
                f"{raised} alerts raised; the mail server cannot be reached: {error}"
            ) from error
        self.stdout.write(f"{raised} alerts raised, {sent} mails sent")
