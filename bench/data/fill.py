"""The whole city, step by step, each step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection

from bench.data.people import appoint
from bench.data.size import Size
from inspections.reference import load_checklists
from responsibility.policies import load_policies
from safegrid.grid.reference import load_reference
from safegrid.kernel import clock
from safegrid.local.terminal import say


def fill(scale: float) -> None:
    """Make the data of a scale in an empty database; what an interrupted making has left is dropped."""
    began = time.monotonic()
    size = Size(scale, clock.now())
    say(f"Making a city of {size.sites:,} sites and {size.hazards:,} hazards …")
    with step("tables"):
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        call_command("migrate", interactive=False, verbosity=0)
    with step("places, matters, policies"):
        load_reference(now=size.now)
        load_policies(today=size.today)
        load_checklists(now=size.now)
    with step("people and posts"):
        appoint(size)
    say(f"… done in {time.monotonic() - began:.0f} s")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Show how long a step takes."""
    began = time.monotonic()
    if sys.stdout.isatty():
        sys.stdout.write(f"  {name} …\r")
        sys.stdout.flush()
    yield
    say(f"  {name}: {time.monotonic() - began:.1f} s")
