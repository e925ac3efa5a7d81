"""When a site moves, what belongs to it moves along: rows of upper floors that carry its place as columns.

Only their current place, which scopes and lists go by. What they keep of the place *then* stays.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from safegrid.grid.models import Site
from safegrid.grid.sockets import Consequence, move_followers, placed_rows
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


def followed_by(site: Site, place: Mapping[str, int | None]) -> list[Consequence]:
    """Return what would become of what is kept over `site` if it stood in `place`, given by its columns."""
    if site.place_ids == place:
        return []
    return [each for plug in move_followers for each in plug.preview(site, place)]


def tell(sites: Mapping[Site, Mapping[str, int | None]], **by: Any) -> None:
    """Let upper floors do what follows for those of `sites` that have left the place columns of before.

    Takes `actor`, `acting_post` and `now`; in the transaction of the move.
    """
    moved = {site: was for site, was in sites.items() if site.place_ids != was}
    for plug in move_followers if moved else ():
        plug.follow(moved, **by)
