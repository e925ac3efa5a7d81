"""A Valkey of our own (it speaks Redis' protocol), on a Unix socket: Celery's broker and Django's cache."""

import socket
import subprocess
from pathlib import Path
from typing import Any

from safegrid.local.binaries import valkey_server
from safegrid.local.processes import Processes, wait_until


def start(processes: Processes, *, data: Path, sockets: Path, log: Path, keep: bool, **options: Any) -> str:
    """Start Valkey with its data in `data`; returns the address for `REDIS_URL`.

    `keep` says whether queued tasks are to survive a stop. `options` go to `Popen`. Raises LocalError.
    """
    path = sockets / "valkey.sock"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "appendonly": "yes" if keep else "no",
        "save": "",  # no snapshots: the append-only file says all
        "maxmemory-policy": "noeviction",  # a broker must never drop a message by itself
    }
    with log.open("ab") as stream:
        server = processes.start(
            [valkey_server(), *(part for key, value in settings.items() for part in (f"--{key}", value))],
            wave=1,
            patience=3,
            cwd=data,
            stdout=stream,
            stderr=subprocess.STDOUT,
            **options,
        )
    wait_until(lambda: _answers(path), process=server, name="Valkey", log=log)
    return f"unix://{path}?db=0"


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
