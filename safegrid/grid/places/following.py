"""When a site moves, what belongs to it moves along: rows of upper floors that carry its place as columns.

Only their current place, which scopes and lists go by. What they keep of the place *then* stays.
"""

from collections.abc import Sequence

from django.db import connection

from safegrid.grid.models import Site
from safegrid.grid.sockets import placed_rows
from safegrid.kernel.scope import LEVELS


def follow(sites: Sequence[int]) -> None:
    """Give every row of the plugged models the present place of its site: one statement for each model."""
    if not sites:
        return
    name = connection.ops.quote_name
    columns = [name(f"{level}_id") for level in LEVELS]
    new = ", ".join(f"{column} = site.{column}" for column in columns)
    was, now = (", ".join(f"{alias}.{column}" for column in columns) for alias in ("row", "site"))
    for model in placed_rows:
        table, site = name(model._meta.db_table), name(Site._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} AS row SET {new} FROM {site} AS site "  # noqa: S608 (names of our own)
                f"WHERE row.site_id = site.id AND site.id = ANY(%s) AND ({was}) IS DISTINCT FROM ({now})",
                [list(sites)],
            )
