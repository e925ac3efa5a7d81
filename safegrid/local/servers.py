"""The two servers that SafeGrid needs, together: throw-away ones to test, and the lock on kept ones."""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from safegrid.local import postgres, valkey
from safegrid.local.processes import LocalError, Processes
from safegrid.local.programs import Program

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
        programs, addresses = prepare(processes, var=var, sockets=folder, keep=False)
        for program in programs:
            program.wait_until_ready(program.start(processes))
        yield (
            processes,
            addresses | {"DEBUG": "true", "SECRET_KEY": secrets.token_urlsafe(50), "SAFEGRID_VAR": str(var)},
        )


def prepare(
    processes: Processes,
    *,
    var: Path,
    sockets: Path,
    keep: bool,
    given: Mapping[str, str] = MappingProxyType({}),
    **options: Any,
) -> tuple[list[Program], dict[str, str]]:
    """The servers, with their data and logs under `var`, and their addresses by the names that settings read.

    A server whose address is `given` is left out. `keep` says whether data are to survive a power cut, and
    `options` go to `Popen`. Raises LocalError.
    """
    (var / "log").mkdir(parents=True, exist_ok=True)
    programs: list[Program] = []
    addresses: dict[str, str] = {}
    for name, server in {"DATABASE_URL": postgres, "REDIS_URL": valkey}.items():
        if not given.get(name):
            program, addresses[name] = server.prepare(
                processes, var=var, sockets=sockets, keep=keep, **options
            )
            programs.append(program)
    return programs, addresses


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
