"""The whole city, step by step, each step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from bench.data import bulk, people, self_inspections, summaries
from bench.data.hazards import Hazards
from bench.data.sites import Sites
from bench.data.size import Size
from hazards.models import Hazard
from inspections.models import SelfInspection
from inspections.reference import load_checklists
from responsibility.models import Obligation
from responsibility.policies import load_policies
from safegrid.accounts.models import Involvement
from safegrid.grid.models import Enterprise, Site, SiteMatter
from safegrid.grid.reference import load_reference
from safegrid.kernel import clock
from safegrid.local.terminal import say


def fill(scale: float) -> None:
    """Make the data of a scale in an empty database; what an interrupted making has left is dropped."""
    began = time.monotonic()
    size = Size(scale, clock.now())
    say(f"Making a city of {size.sites:,} sites and {size.hazards:,} hazards …")
    with step("tables"):
        _execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        call_command("migrate", interactive=False, verbosity=0)
    with step("places, matters, policies"):
        load_reference(now=size.now)
        load_policies(today=size.today)
        load_checklists(now=size.now)
    with step("officials"):
        officials = people.appoint(size)
    with step("sites"), bulk.bare(Enterprise, Site, SiteMatter):
        sites = Sites(size)
        bulk.by_all(sites.make, sites.chunks, progress)
    with step("staff of enterprises"):
        people.staff(size, officials)
    with step("hazards and what is owed"), bulk.bare(Hazard, Obligation, Involvement, SelfInspection):
        with step("  rows"):
            hazards = Hazards(size)
            bulk.by_all(hazards.make, hazards.chunks, progress)
        with step("  self-inspections"):
            self_inspections.open_all(size)
    with step("summaries"):
        bulk.count_on()
        summaries.summarise()
    with step("statistics"):
        _execute("VACUUM (ANALYZE)", "CHECKPOINT")
    say(f"… done in {time.monotonic() - began:.0f} s")


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def progress(done: int, of: int) -> None:
    """Show how far a step is, on a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r    {done} of {of} ")
        sys.stdout.flush()


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show how long a step takes."""
    began = time.monotonic()
    yield
    start = "\r" if sys.stdout.isatty() else ""
    say(f"{start}  {name}: {time.monotonic() - began:.1f} s")
