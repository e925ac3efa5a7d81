"""The portal's own processes on this machine: web, worker and beat, as programs for the supervisor."""

import socket
import sys
from collections.abc import Mapping
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from safegrid.local.programs import Program

ROOT = Path(__file__).resolve().parent.parent.parent
"""The folder with `manage.py`."""
HOST = "127.0.0.1"
WORKER = "worker@safegrid-local"
# The control socket has one place for each user, whatever the number of portals.
GUNICORN = (
    "gunicorn safegrid.wsgi:application --worker-class gthread --workers 2 --threads 8 --graceful-timeout 2"
    " --no-control-socket"
)
CELERY = "celery --app safegrid"
WORKER_OPTIONS = "--concurrency 2 --loglevel INFO --without-gossip --without-mingle"


def programs(*, port: int, var: Path, environment: Mapping[str, str]) -> list[Program]:
    """Web server, background worker and timer, with their logs under `var`."""
    options: dict[str, Any] = {"env": dict(environment), "cwd": ROOT}
    python = [sys.executable, "-m"]
    log = var / "log"
    return [
        Program(
            name="web",
            command=[*python, *f"{GUNICORN} --bind {HOST}:{port}".split()],
            log=log / "web.log",
            is_ready=partial(answers, port),
            options=options,
        ),
        Program(
            name="worker",
            command=[*python, *f"{CELERY} worker {WORKER_OPTIONS} --hostname {WORKER}".split()],
            log=log / "worker.log",
            is_ready=Says(f"{WORKER} ready.", log / "worker.log"),
            options=options,
        ),
        Program(
            name="beat",
            command=[*python, *f"{CELERY} beat --loglevel INFO --schedule".split(), var / "beat-schedule"],
            log=log / "beat.log",
            is_ready=Says("beat: Starting...", log / "beat.log"),
            options=options,
        ),
    ]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def answers(port: int) -> bool:
    """Whether the portal answers a request, whatever it says about its health."""
    connection = HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


class Says:
    """Whether something has been written to a log since this was made."""

    def __init__(self, text: str, log: Path) -> None:
        self._text = text.encode()
        self._log = log
        self._seen = log.stat().st_size if log.exists() else 0

    def __call__(self) -> bool:
        if not self._log.exists():
            return False
        content = self._log.read_bytes()
        return self._text in (content[self._seen :] if len(content) >= self._seen else content)
