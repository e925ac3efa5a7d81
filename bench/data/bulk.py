"""Many rows at once: COPY by several processes into tables without indexes and triggers, these afterwards."""

import io
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from django.db import connection, connections
from django.db.models import Model

#: Foreign keys last: they are checked by joins, which the primary keys of other tables serve.
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f', conname
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY amname DESC, 1
"""


def copy_text(model: type[Model], columns: Sequence[str], lines: list[str]) -> None:
    """Write rows that are already in COPY's text form, one a line."""
    if lines:
        names = ", ".join(f'"{name}"' for name in columns)
        text = io.StringIO("\n".join(lines) + "\n")
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {model._meta.db_table} ({names}) FROM STDIN", text, 1 << 16)


def array(values: Sequence[str]) -> str:
    """Return an array of texts as COPY reads it; the texts have no quotation marks or backslashes."""
    return '{"' + '","'.join(values) + '"}'


def by_all(work: Callable[[int], None], chunks: int, tell: Callable[[int, int], None]) -> None:
    """Do `work` for every chunk, in as many processes as there are cores. `tell(done, of)` hears of each."""
    connections.close_all()  # a connection belongs to one process
    with multiprocessing.get_context("fork").Pool(min(os.cpu_count() or 1, chunks), _ends_quietly) as pool:
        for done, _ in enumerate(pool.imap_unordered(work, range(chunks)), start=1):
            tell(done, chunks)


def _ends_quietly() -> None:
    """In each of the processes: the pool ends them by a signal, which is no reason to say anything."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@contextmanager
def bare(*models: type[Model]) -> Iterator[None]:
    """Take triggers, secondary indexes and constraints off the tables, and put them back afterwards."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()
        for table, name, _definition, _kind in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    unique = [c for c in constraints if c[3] != "f"]
    foreign = [c for c in constraints if c[3] == "f"]
    _at_once([definition for _name, definition in indexes] + [_add(*c) for c in unique])
    _at_once([_add(*c) for c in foreign])
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _add(table: str, name: str, definition: str, _kind: str) -> str:
    return f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'


def _at_once(statements: list[str]) -> None:
    """Run statements over as many connections as there are cores; raise what goes wrong with one."""
    waiting: SimpleQueue[str] = SimpleQueue()
    wrong: list[Exception] = []
    for statement in statements:
        waiting.put(statement)

    def work() -> None:
        try:
            with connection.cursor() as cursor:
                while not wrong:
                    cursor.execute(waiting.get_nowait())
        except Empty:
            pass
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def count_on() -> None:
    """Let every sequence go on after the ids that have been written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_identity = 'YES'"
        )
        for table, column in cursor.fetchall():
            last = f'SELECT setval(pg_get_serial_sequence(%s, %s), max("{column}")) FROM "{table}"'  # noqa: S608
            cursor.execute(last, [f'"{table}"', column])  # of an empty table nothing changes
