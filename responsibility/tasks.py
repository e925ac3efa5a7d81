"""Background work: thin wrappers over functions that run without a broker as well."""

from celery import shared_task

from responsibility.alerts import delivery
from responsibility.alerts import sweep as sweeper
from safegrid.kernel import clock


@shared_task
def sweep() -> int:
    """Raise the alerts that are due and open new periods; return how many alerts were raised."""
    return sweeper.sweep(now=clock.now())


@shared_task
def deliver() -> int:
    """Send what waits to be sent; return how many mails were sent."""
    return delivery.deliver(now=clock.now())
