"""The database that every test database is copied from: migrated once, and kept until a migration changes.

All migrations take a quarter of a minute. What they make is kept in `var/testing/` as PostgreSQL writes it
down, so that only the first run after a change waits for them, and of a parallel run only one process.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from safegrid.local.binaries import postgres_home

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "testing"
NAME = "safegrid_migrated"
#: What the outcome of the migrations depends on.
SOURCES = ("*/migrations/*.py", "safegrid/*/migrations/*.py", "safegrid/grid/data/*", "requirements/dev.txt")


def migrated(server: Mapping[str, Any]) -> str:
    """Return the name of a migrated database on the server of Django's settings; made if need be."""
    with _alone():
        if not _exists(server):
            _make(server)
    return NAME


def _make(server: Mapping[str, Any]) -> None:
    kept = KEPT / f"{_fingerprint()}.dump"
    where = ["--host", server["HOST"], "--port", str(server["PORT"]), "--username", server["USER"]]
    programs = postgres_home() / "bin"
    draft = f"{NAME}_draft"  # one that was interrupted is no template
    _execute(server, f"DROP DATABASE IF EXISTS {draft}", f"CREATE DATABASE {draft}")
    if kept.exists():
        _run([programs / "pg_restore", *where, "--dbname", draft, kept])
    else:
        address = os.environ["DATABASE_URL"].rpartition("/")[0]
        _run([sys.executable, "manage.py", "migrate", "-v0"], DATABASE_URL=f"{address}/{draft}")
        for old in KEPT.glob("*.dump*"):
            old.unlink()
        new = kept.with_suffix(".dump.new")
        _run([programs / "pg_dump", *where, "--format=custom", "--compress=1", "--file", new, draft])
        new.rename(kept)
    _execute(server, f"ALTER DATABASE {draft} RENAME TO {NAME}")


def _fingerprint() -> str:
    found = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _run(command: list[Any], **environment: str) -> None:
    subprocess.run([str(each) for each in command], cwd=ROOT, env=os.environ | environment, check=True)


def _exists(server: Mapping[str, Any]) -> bool:
    return bool(_execute(server, f"SELECT FROM pg_database WHERE datname = '{NAME}'"))


def _execute(server: Mapping[str, Any], *statements: str) -> int:
    """Run statements outside any transaction; return how many rows the last one was about."""
    connection = psycopg2.connect(
        host=server["HOST"], port=server["PORT"], user=server["USER"], dbname="postgres"
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.rowcount
    finally:
        connection.close()


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time look for it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
