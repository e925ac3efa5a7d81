"""Triggers that are always those that are declared: made after migrating, and made anew when they differ."""

from typing import Any

from django.db import connection, transaction

from safegrid.grid.counts import sql
from safegrid.grid.counts.folding import rebuild
from safegrid.grid.counts.tallies import Tally, tallies


def install(**_signal: Any) -> list[str]:
    """Make the triggers that are missing or outdated, then the sums; return the names of their tallies.

    A receiver of `post_migrate`: triggers follow from the code, so no migration has to repeat them.
    """
    tables = connection.introspection.table_names()
    stale = [tally for tally in tallies if tally.table in tables and not _is_installed(tally)]
    if stale and sql.COUNTS in tables:
        with transaction.atomic():
            with connection.cursor() as cursor:
                for tally in stale:
                    cursor.execute(sql.install(tally))
            rebuild()
    return [tally.name for tally in stale]


def _is_installed(tally: Tally) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [sql.name_of(tally)])
        row = cursor.fetchone()
    return row is not None and row[0].strip() == sql.trigger_function(tally).strip()
