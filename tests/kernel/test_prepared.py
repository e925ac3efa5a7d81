"""A statement that is prepared is planned once for each connection, whatever happens to connections."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from safegrid.kernel import prepared
from safegrid.kernel.prepared import Passing, Prepared

SUM = Prepared("test_sum", "SELECT $1 + n FROM generate_series(1, $2) AS n ORDER BY n", "bigint", "integer")


def test_it_gives_the_rows_for_the_values(db):
    assert SUM.rows(10, 3) == [(11,), (12,), (13,)]
    assert SUM.rows(10, 0) == []


def test_only_the_call_is_a_query_of_the_page(db):
    with CaptureQueriesContext(connection) as queries:
        SUM.rows(1, 1)
        SUM.rows(2, 1)
    assert [query["sql"] for query in queries] == ["EXECUTE test_sum (1, 1)", "EXECUTE test_sum (2, 1)"]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_anew():
    assert SUM.rows(1, 1) == [(2,)]
    connection.close()
    assert SUM.rows(1, 1) == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_does_not_undo_it():
    connection.close()
    with transaction.atomic():
        assert SUM.rows(1, 1) == [(2,)]
        transaction.set_rollback(True)
    assert SUM.rows(1, 1) == [(2,)]


def test_values_are_never_part_of_the_statement(db):
    echo = Prepared("test_echo", "SELECT $1", "text")
    text = "'; DROP TABLE grid_site; --"
    assert echo.rows(text) == [(text,)]


def known():
    """Return the names of what the connection knows of those that pass."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'test_passing_%'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_the_passing_statements_that_it_was_asked_last(monkeypatch):
    connection.close()
    monkeypatch.setattr(prepared, "MOST", 2)
    first, second, third = (Passing(f"test_passing_{n}", f"SELECT {n}") for n in (1, 2, 3))
    assert [each.rows() for each in (first, second, first, third)] == [[(1,)], [(2,)], [(1,)], [(3,)]]
    assert known() == {"test_passing_1", "test_passing_3"}
    assert second.rows() == [(2,)]
    assert known() == {"test_passing_2", "test_passing_3"}
