"""The whole city, step by step, each step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Q

from bench.data import bulk, people, self_inspections
from bench.data.hazards import Hazards
from bench.data.sites import Sites
from bench.data.size import Size
from hazards.choices import Owed, State
from hazards.models import Hazard, late
from inspections.models import SelfInspection
from inspections.reference import load_checklists
from responsibility.models import Obligation
from responsibility.policies import load_policies
from safegrid.accounts.models import Involvement
from safegrid.grid.counts import rebuild
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
        bulk.execute("DROP SCHEMA public CASCADE; DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA public")
        call_command("migrate", interactive=False, verbosity=0)
    with step("places, matters, policies"):
        load_reference(now=size.now)
        load_policies(today=size.today)
        load_checklists(now=size.now)
    with step("officials"):
        officials = people.appoint(size)
    with step("sites"), bulk.bare(Enterprise, Site, SiteMatter), step("  rows"):
        sites = Sites(size)
        bulk.by_all(sites.make, sites.chunks, progress)
    with step("staff of enterprises"):
        people.staff(size, officials)
    filled = (Hazard, Obligation, Involvement, SelfInspection)
    with step("hazards and what is owed"), bulk.bare(*filled, meanwhile=[summarise]):
        with step("  rows"):
            Hazards(size).make(progress)
        with step("  self-inspections"):
            self_inspections.open_all(size)
    with step("statistics"):
        bulk.count_on()
        vacuum()
    say(what_there_is())
    say(f"… done in {time.monotonic() - began:.0f} s")


def what_there_is() -> str:
    """Return in words what became of the hazards, which every page and sweep is measured by."""
    found = Hazard.objects.aggregate(
        every=Count("pk"), closed=Count("pk", Q(state=State.CLOSED)), late=Count("pk", late(clock.now()))
    )
    awaited = Obligation.objects.filter(kind=Owed.RECTIFY, closed_at=None).count()
    shares = {"closed": found["closed"], "awaited": awaited, "late": found["late"]}
    return "  of the hazards: " + ", ".join(f"{n / found['every']:.1%} {what}" for what, n in shares.items())


def summarise() -> None:
    """Build the sums of the counts that pages show; the triggers that keep them are off."""
    with step("  summaries, beside indexes"):
        rebuild()


def vacuum() -> None:
    """Let the planner know what there is, the largest tables first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relid::regclass::text FROM pg_stat_user_tables ORDER BY pg_table_size(relid) DESC"
        )
        tables = [name for (name,) in cursor.fetchall()]
    bulk.at_once([partial(bulk.execute, f"VACUUM (ANALYZE) {table}") for table in tables])
    bulk.execute("CHECKPOINT")


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
