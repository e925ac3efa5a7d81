"""A PostgreSQL 18 of our own, on a Unix socket, let in by who you are and not by a password.

PostgreSQL refuses to run as root. Started by root it runs as `postgres` or `nobody`; where that user cannot
reach this project's folder, the programs are copied and the data kept under /var/lib/safegrid, where only
root can make folders.
"""

import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import psycopg2

from safegrid.local.binaries import copy_postgres, postgres_home
from safegrid.local.processes import LocalError, Processes, clean_environment
from safegrid.local.programs import Program

NAME = "safegrid"
"""The database's name and its owner's."""
PORT = 5432
"""Part of the socket's name; no port is opened."""
VERSION = "18"
ELSEWHERE = Path("/var/lib/safegrid")
"""Data of projects in folders that PostgreSQL's user cannot enter."""

INITDB = "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --auth=peer"
"""The same order and the same upper and lower case on every machine, whatever its libraries."""
IMPORTANT = re.compile(r"\b(FATAL|PANIC):")
"""Its errors are the portal's to report: a constraint that refuses a row is daily business."""

KEPT = {"max_connections": "60", "shared_buffers": "128MB"}
THROWAWAY = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
}
"""Fast, and lost at a power cut: for data that nobody will miss."""


def prepare(
    processes: Processes,
    *,
    var: Path,
    sockets: Path,
    keep: bool,
    tuning: Mapping[str, str] = MappingProxyType({}),
    **options: Any,
) -> tuple[Program, str]:
    """The server, its data folder made if need be, and its address for `DATABASE_URL`.

    `var` must be ours alone for as long as `processes` lives: see `servers.only_one`. `keep` says whether
    the data are to survive a power cut; settings in `tuning` go before those that come with it. `options` go
    to `Popen`. Raises LocalError.
    """
    home, data = postgres_home(), var / "postgres"
    options |= {"cwd": "/", "env": clean_environment(os.environ)}
    user = _unprivileged_user(data) if os.geteuid() == 0 else None
    if user:
        options |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        sockets.chmod(0o711)
        if not _can_use(user, home, data.parent):
            if keep:
                data = elsewhere(data)
                _make_folder(data.parent)
            home = copy_postgres(data.with_name("programs"))

    if not (data / "PG_VERSION").exists():
        _create(processes, home, data, user, options)
    version = (data / "PG_VERSION").read_text().strip()
    if version != VERSION:
        raise LocalError(
            f"{data} was made by PostgreSQL {version}, this is {VERSION}: `make reset` begins anew."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)  # of a crash: nobody else can be alive here

    socket_folder = sockets / "postgres"
    socket_folder.mkdir(0o700)
    if user:
        os.chown(socket_folder, user.pw_uid, user.pw_gid)
    settings = (
        (KEPT if keep else THROWAWAY)
        | dict(tuning)
        | _access(sockets)
        | {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder),
            "port": str(PORT),
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
    )
    program = Program(
        name="PostgreSQL",
        command=[home / "bin/postgres", "-D", data, *(f"--{key}={value}" for key, value in settings.items())],
        log=var / "log/postgres.log",
        is_ready=partial(_is_ready, host=str(socket_folder)),
        wave=1,
        # Its fast shutdown, then its immediate one. Its children lead groups of their own and go with it.
        signals=(signal.SIGINT, signal.SIGQUIT),
        important=IMPORTANT,
        options=options,
    )
    return program, f"postgres://{NAME}@{quote(str(socket_folder), safe='')}:{PORT}/{NAME}"


def elsewhere(data: Path) -> Path:
    """Where root keeps the data that belong to a folder which PostgreSQL's user cannot enter."""
    key = hashlib.sha256(os.fsencode(data.parent.resolve())).hexdigest()[:16]
    return ELSEWHERE / key / data.name


def _unprivileged_user(data: Path) -> pwd.struct_passwd:
    for folder in (data, elsewhere(data)):
        if folder.is_dir() and folder.stat().st_uid:
            return pwd.getpwuid(folder.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise LocalError(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def _can_use(user: pwd.struct_passwd, home: Path, folder: Path) -> bool:
    """Whether a user reaches the programs and the folder of the data; the kernel is asked, not the modes."""
    test = '"$1/bin/initdb" --version && test -r "$1/share/postgresql/postgres.bki" && test -x "$2"'
    command = ["/bin/sh", "-c", test, "sh", str(home), str(folder)]
    identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return not subprocess.run(command, cwd="/", capture_output=True, check=False, **identity).returncode


def _make_folder(folder: Path) -> None:
    """A folder that only root can change and everybody can pass through, with all above it."""
    for path in reversed((folder, *folder.parents)):
        if not path.exists():
            path.mkdir()
            path.chmod(0o711)
    if folder.stat().st_uid != 0 or folder.stat().st_mode & 0o022:
        raise LocalError(f"{folder} can be changed by others than root; it is not safe to keep data there.")


def _create(
    processes: Processes, home: Path, data: Path, user: pwd.struct_passwd | None, options: dict[str, Any]
) -> None:
    """Make the data folder under another name first: a start that is interrupted leaves nothing half-made."""
    draft = data.with_name(f"{data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(0o700)
    if user:
        os.chown(draft, user.pw_uid, user.pw_gid)
    made = processes.run(
        [home / "bin/initdb", *INITDB.split(), "-U", NAME, "-D", draft],
        stdout=subprocess.DEVNULL,
        **options,
    )
    if made.returncode:
        raise LocalError(
            f"PostgreSQL could not make its data folder:\n{made.stderr.decode(errors='replace')}"
        )
    draft.rename(data)


def _access(folder: Path) -> dict[str, str]:
    """Let in whoever runs the portal, by the kernel's word, and nobody else; returns the settings for it."""
    rules = {
        "hba": "local all all peer map=portal\n",
        "ident": f"portal {pwd.getpwuid(os.geteuid()).pw_name} {NAME}\n",
    }
    for key, text in rules.items():
        path = folder / f"{key}.conf"
        path.write_text(text)
        path.chmod(0o644)
    return {f"{key}_file": str(folder / f"{key}.conf") for key in rules}


def _is_ready(host: str) -> bool:
    """Whether the server answers; makes the database on the first time."""
    try:
        connection = psycopg2.connect(host=host, port=PORT, user=NAME, dbname="postgres")
    except psycopg2.OperationalError:
        return False
    connection.autocommit = True  # CREATE DATABASE cannot be part of a transaction
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {NAME}")
    connection.close()
    return True
