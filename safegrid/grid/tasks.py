"""Background work of the grid: thin tasks over functions that also run without a broker."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from safegrid.grid import counts, status
from safegrid.grid.imports import running
from safegrid.grid.sockets import day_keepers
from safegrid.grid.succession import services as succession
from safegrid.kernel import clock

log = logging.getLogger("safegrid.imports")


@shared_task
def run_import(pk: int) -> None:
    """Check or import one file, unless somebody does already."""
    running.run(pk, clock=clock.now)


@shared_task
def take_up_imports() -> None:
    """Take up what was never begun (its message was lost) and what a killed worker has left."""
    for pk in running.due(clock.now()):
        run_import.delay(pk)


@shared_task
def fold_counts() -> None:
    """Add what waits to the sums."""
    counts.fold()


@shared_task
def keep_days() -> None:
    """Carry out what was planned for a day: changes of status, seasons, reorganisations."""
    now = clock.now()
    succession.carry_out(now=now)
    status.carry_out(now=now)
    for keep in day_keepers:
        keep(now=now)


def enqueue(pk: int) -> None:
    """Ask a worker for an import. Without a broker it waits for the next tick."""
    try:
        run_import.delay(pk)
    except OperationalError:
        log.warning("no broker: import %s waits for the next tick", pk)
