"""The two servers that SafeGrid needs, started and stopped together: kept ones to run, throw-away ones to test."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from safegrid.local import postgres, valkey
from safegrid.local.processes import LocalError, Processes

STILL_STOPPING = 15
"""Seconds to wait for what an earlier run has left and its guard is stopping."""


@contextmanager
def throwaway() -> Iterator[tuple[Processes, dict[str, str]]]:
    """Fast servers with empty data in a temporary folder, for tests and benchmarks.

    Yields the processes, to which a command can be added, and the environment that SafeGrid's settings read. A server
    of the caller's own, given by `DATABASE_URL` or `REDIS_URL`, is not used: tests must be alone.
    """
    with Processes() as processes:
        folder = processes.temporary_folder("safegrid-")
        var = folder / "var"
        (var / "log").mkdir(parents=True)
        yield (
            processes,
            start(processes, var=var, sockets=folder, keep=False)
            | {"DEBUG": "true", "SECRET_KEY": secrets.token_urlsafe(50), "SAFEGRID_VAR": str(var)},
        )


def start(
    processes: Processes, *, var: Path, sockets: Path, keep: bool, lock: int | None = None
) -> dict[str, str]:
    """Start both servers with their data and logs under `var`; returns `DATABASE_URL` and `REDIS_URL`.

    The servers inherit the descriptor `lock`, so that it stays locked for as long as one of them lives.
    """
    options = {"pass_fds": () if lock is None else (lock,)}
    log = var / "log"
    return {
        "DATABASE_URL": postgres.start(
            processes, data=var / "postgres", sockets=sockets, log=log / "postgres.log", keep=keep, **options
        ),
        "REDIS_URL": valkey.start(
            processes, data=var / "valkey", sockets=sockets, log=log / "valkey.log", keep=keep, **options
        ),
    }


@contextmanager
def only_one(var: Path) -> Iterator[int]:
    """Hold the lock of a `var` folder, so that one run at a time has its data; yields the descriptor.

    Servers and guard inherit it: whoever gets the lock knows that nothing of an earlier run is alive.
    Raises LocalError if a run is going on.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
