"""`python -m safegrid.local.prepare [--seed]`: bring the database up to date before the portal starts.

One process for both steps, because starting Django takes longer than finding that there is nothing to do.
"""

import os
import sys

import django
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from safegrid.local.terminal import say


def prepare(*, seed: bool) -> None:
    """Apply missing migrations; with `seed`, put in the demo city unless it is there.

    Policies that a newer version brings come with its migrations.
    """
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if is_behind:
        say("Preparing the database …")
        call_command("migrate", interactive=False, verbosity=0)
    if seed:
        call_command("seed_demo")
    if is_behind:
        call_command("load_ground")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safegrid.settings")
    django.setup()
    prepare(seed="--seed" in sys.argv[1:])
