"""Who finds, orders and answers: the posts behind hazards, from which the database chooses."""

from collections import defaultdict

from django.db import connection

from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import PostScope
from safegrid.grid.models import Matter

TABLES = """
CREATE UNLOGGED TABLE bench.officer AS
SELECT post.id AS post, held.user_id AS holder, post.unit_id AS unit
FROM accounts_post AS post JOIN accounts_holding AS held ON held.post_id = post.id;
CREATE UNLOGGED TABLE bench.posts (place bigint UNIQUE, matter bigint UNIQUE, posts bigint[]);
"""


def write() -> None:
    """Write down every post with its holder, and which posts find hazards in a place or of a matter.

    In a place these are officers and, in a cell, its grid officer; of a matter the supervisors who govern it
    or one above it.
    """
    kinds = (PostKind.OFFICER, PostKind.GRID_OFFICER, PostKind.SUPERVISOR)
    places: dict[int, list[int]] = defaultdict(list)
    matters: dict[int, list[int]] = defaultdict(list)
    trees = list(Matter.objects.values_list("pk", "path"))
    for scope in PostScope.objects.filter(post__kind__in=kinds).order_by("pk").select_related("matter"):
        if scope.matter is None:
            places[scope.district_id or 0].append(scope.post_id)
            continue
        for pk, path in trees:
            if path.startswith(scope.matter.path):
                matters[pk].append(scope.post_id)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for column, found in (("place", places), ("matter", matters)):
            cursor.executemany(
                f"INSERT INTO bench.posts ({column}, posts) VALUES (%s, %s)",  # noqa: S608 (a column)
                list(found.items()),
            )
