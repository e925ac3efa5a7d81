"""Readable numbers: one series a year, no number twice."""

from django.db import connection

from hazards.models import NumberSeries


def next_number(prefix: str, year: int) -> str:
    """Return the next number of a yearly series, such as XN-2026-000123.

    The row of the series is locked until the transaction ends; one that fails gives its number back.
    """
    table = NumberSeries._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS series (name, last) VALUES (%s, 1) "  # noqa: S608 (our own table)
            "ON CONFLICT (name) DO UPDATE SET last = series.last + 1 RETURNING last",
            [f"{prefix}-{year}"],
        )
        return f"{prefix}-{year}-{cursor.fetchone()[0]:06d}"
