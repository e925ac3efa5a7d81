"""The servers of a benchmark: PostgreSQL tuned as in production, Valkey, and gunicorn run as there."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench import tuning
from safegrid.local import portal, postgres, valkey
from safegrid.local.processes import LocalError, Processes
from safegrid.local.programs import Program

SHUTDOWN = 60
"""Seconds that PostgreSQL gets to write its memory down, so that the next run need not repair anything."""


@contextmanager
def running(processes: Processes, var: Path, lock: int, *, seeding: bool) -> Iterator[dict[str, str]]:
    """PostgreSQL and Valkey with the data of `var`; yields the environment that SafeGrid's settings read."""
    sockets = processes.temporary_folder("safegrid-bench-")
    (var / "log").mkdir(parents=True, exist_ok=True)
    settings = tuning.production() | (tuning.SEEDING if seeding else {})
    database, database_url = postgres.prepare(
        processes, var=var, sockets=sockets, keep=True, tuning=settings, pass_fds=(lock,)
    )
    cache, redis_url = valkey.prepare(processes, var=var, sockets=sockets, keep=False, pass_fds=(lock,))
    started = []
    for program in (replace(database, patience=SHUTDOWN), cache):
        started.append(program.start(processes))
        program.wait_until_ready(started[-1])
    yield environment(var) | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    for process in reversed(started):
        processes.forget(process)


def environment(var: Path) -> dict[str, str]:
    """What docker-compose.yml sets, but for the addresses of the servers."""
    port = portal.free_port()
    kept = {name: os.environ[name] for name in ("SAFEGRID_TEST", "LANG", "TERM") if name in os.environ}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(portal.ROOT),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "SECRET_KEY": secrets.token_hex(32),
        "LEDGER_KEY": secrets.token_hex(32),
        "REPORTS_KEY": secrets.token_hex(32),
        "ALLOWED_HOSTS": portal.HOST,
        "SITE_URL": f"https://{portal.HOST}",
        "EMAIL_URL": "smtp://127.0.0.1:9",
        "DEFAULT_FROM_EMAIL": "safegrid@portal.example",
        "BEHIND_PROXY": "true",
        "SAFEGRID_VAR": str(var),
        "WEB_BIND": f"{portal.HOST}:{port}",
        # Production renews a process after some thousand requests; here that would be a hole in a round.
        "GUNICORN_CMD_ARGS": "--max-requests 0 --max-requests-jitter 0",
    }


def start_web(processes: Processes, var: Path, env: Mapping[str, str]) -> None:
    """Collect static files, whose names pages contain, and start gunicorn by production's own script."""
    shutil.rmtree(var / "static", ignore_errors=True)
    collect = "-m django collectstatic --noinput --ignore drf_spectacular_sidecar"
    done = processes.run(
        [sys.executable, *collect.split()],
        stdout=subprocess.DEVNULL,
        cwd=portal.ROOT,
        env=dict(env),
    )
    if done.returncode:
        raise LocalError(done.stderr.decode(errors="replace"))
    web = Program(
        name="gunicorn",
        command=["sh", "deploy/start.sh", "web"],
        log=var / "log/web.log",
        is_ready=partial(portal.answers, port_of(env)),
        options={"env": dict(env), "cwd": portal.ROOT},
    )
    web.wait_until_ready(web.start(processes))


def port_of(env: Mapping[str, str]) -> int:
    """Return the port that gunicorn listens on."""
    return int(env["WEB_BIND"].rpartition(":")[2])
