"""A Valkey of our own (it speaks Redis' protocol), on a Unix socket: Celery's broker and Django's cache."""

import socket
from functools import partial
from pathlib import Path
from typing import Any

from safegrid.local.binaries import valkey_server
from safegrid.local.processes import Processes
from safegrid.local.programs import Program


def prepare(
    _processes: Processes, *, var: Path, sockets: Path, keep: bool, **options: Any
) -> tuple[Program, str]:
    """The server, its data folder made if need be, and its address for `REDIS_URL`.

    `keep` says whether queued tasks are to survive a stop. `options` go to `Popen`. Raises LocalError.
    """
    data, path = var / "valkey", sockets / "valkey.sock"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "appendonly": "yes" if keep else "no",
        "save": "",  # no snapshots: the append-only file says all
        "maxmemory-policy": "noeviction",  # a broker must never drop a message by itself
    }
    program = Program(
        name="Valkey",
        command=[valkey_server(), *(part for key, value in settings.items() for part in (f"--{key}", value))],
        log=var / "log/valkey.log",
        is_ready=partial(_answers, path),
        wave=1,
        options=options | {"cwd": data},
    )
    return program, f"unix://{path}?db=0"


def _answers(path: Path) -> bool:
    """Whether the server is there and has read its data."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
