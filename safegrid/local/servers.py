"""The two servers that SafeGrid needs, together: throw-away ones to test, and the lock on kept ones."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safegrid.local import postgres, valkey
from safegrid.local.processes import LocalError, Processes

LOCK = "run.lock"
STILL_STOPPING = 15
"""Seconds to wait for what an earlier run has left and its guard is stopping."""


@contextmanager
def throwaway() -> Iterator[tuple[Processes, dict[str, str]]]:
    """Fast servers with empty data in a temporary folder, for tests and benchmarks.

    Yields the processes, to which a command can be added, and the environment that SafeGrid's settings read.
    A server of the caller's own, given by `DATABASE_URL` or `REDIS_URL`, is not used: tests must be alone.
    """
    with Processes() as processes:
        folder = processes.temporary_folder("safegrid-")
        var = folder / "var"
        (var / "log").mkdir(parents=True)
        database, database_url = postgres.prepare(
            processes, data=var / "postgres", sockets=folder, log=var / "log/postgres.log", keep=False
        )
        broker, redis_url = valkey.prepare(
            data=var / "valkey", sockets=folder, log=var / "log/valkey.log", keep=False
        )
        for program in (database, broker):
            program.wait_until_ready(program.start(processes))
        yield (
            processes,
            {
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "DEBUG": "true",
                "SECRET_KEY": secrets.token_urlsafe(50),
                "SAFEGRID_VAR": str(var),
            },
        )


@contextmanager
def only_one(var: Path) -> Iterator[int]:
    """Hold the lock of a `var` folder, so that one run at a time has its data; yields the descriptor.

    Servers and guard inherit it: whoever gets the lock knows that nothing of an earlier run is alive.
    Raises LocalError if a run is going on.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + STILL_STOPPING
    try:
        while not _try_lock(lock):
            owner = os.pread(lock, 20, 0).decode().strip()
            if owner and _is_alive(int(owner)):
                raise LocalError(f"SafeGrid is already running here (process {owner}).")
            if time.monotonic() > until:
                raise LocalError(f"Something of an earlier run is still alive and holds {var / 'run.lock'}.")
            time.sleep(0.1)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
