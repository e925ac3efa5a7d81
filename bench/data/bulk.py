"""Many rows at once: COPY by several processes into tables without indexes and triggers, these afterwards."""

import io
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from django.db import connection, connections
from django.db.models import Model

#: Foreign keys are checked by joins, which the primary keys of other tables serve.
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f' FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'x') ORDER BY conname
"""
#: Those of unique constraints too. What takes longest comes first.
INDEXES = """
    SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
    LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('u', 'x')
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary AND contype IS DISTINCT FROM 'x'
    ORDER BY amname DESC, 1, 2
"""


def copy_text(model: type[Model], columns: Sequence[str], lines: list[str]) -> None:
    """Write rows that are already in COPY's text form, one a line."""
    names = ", ".join(f'"{name}"' for name in columns)
    copy_lines(f"{model._meta.db_table} ({names})", lines)


def copy_lines(table: str, lines: Iterable[str]) -> None:
    """Write rows in COPY's text form into a table, with which may go its columns in brackets."""
    text = io.StringIO("".join(f"{line}\n" for line in lines))
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} FROM STDIN", text, 1 << 16)


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
def bare(*models: type[Model], meanwhile: Sequence[Callable[[], None]] = ()) -> Iterator[None]:
    """Take triggers, secondary indexes and constraints off the tables, and put them back afterwards.

    What only reads the tables may be done `meanwhile`.
    """
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()
    for table, name, _definition, _is_foreign in constraints:
        execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for table, name, _definition, constraint in indexes:
        execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {name}")
    for table in tables:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    adding = 'ALTER TABLE {} ADD CONSTRAINT "{}" {}'
    exclusions = [adding.format(*each) for *each, is_foreign in constraints if not is_foreign]
    foreign = [adding.format(*each) for *each, is_foreign in constraints if is_foreign]
    built = [definition for _table, _name, definition, _constraint in indexes]
    at_once([*meanwhile, *(partial(execute, statement) for statement in exclusions + built)])
    for table, name, _definition, constraint in indexes:
        if constraint:
            execute(adding.format(table, constraint, f"UNIQUE USING INDEX {name}"))
    at_once([partial(execute, statement) for statement in foreign])
    for table in tables:
        execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def execute(statement: str, values: Mapping[str, Any] | None = None) -> None:
    """Run a statement, or several, over the connection of this thread."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def at_once(tasks: Sequence[Callable[[], object]]) -> None:
    """Do tasks over as many connections as there are cores; raise what goes wrong with one."""
    waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
    wrong: list[Exception] = []
    for task in tasks:
        waiting.put(task)

    def work() -> None:
        try:
            while not wrong:
                waiting.get_nowait()()
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
