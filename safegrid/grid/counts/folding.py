"""Adding deltas to the sums, making the sums anew, and proving them."""

from typing import Any

from django.db import connection, transaction

from safegrid.grid.counts import sql
from safegrid.grid.counts.tallies import tallies
from safegrid.kernel.prepared import Prepared

LOCK = 0xC0047
BATCH = 20_000  # deltas that one transaction folds
KEY = "place, matter, industry, measure, day"


def fold() -> int:
    """Add what waits in deltas to the sums and return how many were folded. Safe to repeat and to kill.

    One at a time, by an advisory lock: whoever comes second leaves it to the first and returns 0.
    """
    total = 0
    while True:
        folded = _fold_batch()
        total += folded
        if folded < BATCH:
            return total


@transaction.atomic
def _fold_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        taken = f"SELECT measure, day, {sql.DIMENSIONS}, sum(n) AS n FROM taken GROUP BY measure, day, {sql.DIMENSIONS}"  # noqa: S608, E501
        cursor.execute(
            f"""
            WITH taken AS (
                DELETE FROM {sql.DELTAS} WHERE id IN (SELECT id FROM {sql.DELTAS} ORDER BY id LIMIT %s)
                RETURNING *
            ), added AS (
                INSERT INTO {sql.COUNTS} AS sums ({KEY}, n) {sql.expanded(taken)}
                ON CONFLICT ({KEY}) DO UPDATE SET n = sums.n + EXCLUDED.n
            )
            SELECT count(*) FROM taken""",  # noqa: S608
            [BATCH, _deep()],
        )
        folded = cursor.fetchone()[0]
        if folded:
            cursor.execute(f"DELETE FROM {sql.COUNTS} WHERE n = 0")  # noqa: S608
            cursor.execute(NEW_EDITION)
    return folded


@transaction.atomic
def rebuild() -> None:
    """Make all sums anew from the rows, which nobody can change meanwhile."""
    with connection.cursor() as cursor:
        for tally in tallies:
            cursor.execute(f"LOCK TABLE {tally.table} IN SHARE MODE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(f"DELETE FROM {sql.DELTAS}")  # noqa: S608
        cursor.execute(f"DELETE FROM {sql.COUNTS}")  # noqa: S608
        cursor.execute("SET LOCAL work_mem = '256MB'")  # millions of sums at once, and seldom
        for tally in tallies:
            cursor.execute(f"INSERT INTO {sql.COUNTS} ({KEY}, n) {sql.expanded(sql.every(tally))}", [_deep()])
        cursor.execute(NEW_EDITION)


#: See `edition`.
NEW_EDITION = f"SELECT nextval('{sql.DELTAS}_id_seq')"

EDITION = Prepared(
    "edition_of_counts",
    f"""
    SELECT numbers.last_value, waiting.n, waiting.last
    FROM {sql.DELTAS}_id_seq AS numbers,
        (SELECT count(*) AS n, coalesce(max(id), 0) AS last FROM {sql.DELTAS}) AS waiting
    """,  # noqa: S608
)


def edition() -> tuple[int, ...]:
    """Return what is another one whenever any count may have become another; the same means: all the same.

    It is how many deltas there have ever been, and which of them are seen and wait. While only the first of
    these grows, somebody is writing; folding, which takes all of them away, makes it grow too. What is read
    after the edition is never older than it.
    """
    return EDITION.rows()[0]


def differences() -> list[tuple[Any, ...]]:
    """Return every sum that is not what the rows say: (place, matter, industry, measure, day, ours, true).

    Deltas that wait count as added. One statement, so that writing may go on meanwhile.
    """
    truth = sql.expanded(" UNION ALL ".join(f"({sql.every(tally)})" for tally in tallies))
    waiting = sql.expanded(f"SELECT measure, day, {sql.DIMENSIONS}, n FROM {sql.DELTAS}")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {KEY}, coalesce(ours.n, 0), coalesce(truth.n, 0)
            FROM (
                SELECT {KEY}, sum(n) AS n
                FROM (SELECT {KEY}, n FROM {sql.COUNTS} UNION ALL ({waiting})) AS every GROUP BY {KEY}
            ) AS ours
            FULL JOIN ({truth}) AS truth USING ({KEY})
            WHERE coalesce(ours.n, 0) <> coalesce(truth.n, 0)
            ORDER BY {KEY}""",  # noqa: S608
            [_deep(), _deep()],
        )
        return cursor.fetchall()


def _deep() -> list[str]:
    return [name for tally in tallies for name in tally.deep]
