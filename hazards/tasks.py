"""Background work: thin wrappers over functions that run without a broker as well."""

from celery import shared_task

from hazards.penalties.closing.services import look
from safegrid.kernel import clock


@shared_task
def look_for_repeat_offenders() -> int:
    """Put closures to whoever decides; return how many proposals were raised."""
    return look(now=clock.now())
