"""A database of its own for measurements that write: a copy, dropped afterwards; the data stay as made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection, connections

NAME = "bench_writes"
DISCONNECT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname <> current_database()"


@contextmanager
def copied() -> Iterator[None]:
    """Let everything here reach a copy of the database, until the end.

    The portal's processes keep to the original: their connections are closed while it is copied.
    """
    original = settings.DATABASES["default"]["NAME"]
    _administer(
        f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)",
        DISCONNECT,
        f"CREATE DATABASE {NAME} TEMPLATE {original} STRATEGY FILE_COPY",
    )
    try:
        _turn_to(NAME)
        yield
    finally:
        _turn_to(original)
        _administer(f"DROP DATABASE {NAME} WITH (FORCE)")


def _turn_to(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


def _administer(*statements: str) -> None:
    connections.close_all()
    place: dict[str, Any] = settings.DATABASES["default"]
    session = psycopg2.connect(host=place["HOST"], port=place["PORT"], user=place["USER"], dbname="postgres")
    session.autocommit = True  # a database is not made in a transaction
    with session.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    session.close()


def vacuum(*tables: str) -> None:
    """Let no round pay for what the one before has left."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(tables)}")
        cursor.execute("CHECKPOINT")
