"""Readable numbers: one series a year, no number twice."""

from django.db import connection

from hazards.models import NumberSeries


def next_number(prefix: str, year: int) -> str:
    """Return the next number of a yearly series, such as XN-2026-000123.

    The row of the series is locked until the transaction ends; one that fails gives its number back.
    """
    return next_numbers(prefix, year, 1)[0]


def next_numbers(prefix: str, year: int, count: int) -> list[str]:
    """Return the next `count` numbers of a yearly series, one after the other. One statement."""
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS series (name, last) VALUES (%s, %s) "  # noqa: S608 (our own table)
            "ON CONFLICT (name) DO UPDATE SET last = series.last + EXCLUDED.last RETURNING last",
            [f"{prefix}-{year}", count],
        )
        last = cursor.fetchone()[0]
    return [f"{prefix}-{year}-{number:06d}" for number in range(last - count + 1, last + 1)]
