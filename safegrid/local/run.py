"""`python -m safegrid.local run`: the whole portal on this machine, until Ctrl-C."""

import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from safegrid.local import portal, servers
from safegrid.local.processes import LocalError, Processes
from safegrid.local.supervisor import Supervisor
from safegrid.local.terminal import say

ACCOUNTS = {
    "bureau": "safety committee office",
    "mayor": "head of the city's government",
    "chengdong": "head of Chengdong district",
    "fire": "supervisor of a member unit, the fire brigade",
    "inspector": "certified officer in Chengdong",
    "inspector2": "certified officer in Chengdong",
    "gridofficer": "grid officer of one cell",
    "enterprise": "safety officer of an enterprise",
    "principal": "principal of the same enterprise",
    "rival": "safety officer of another enterprise",
    "auditor": "reads everything, changes nothing",
    "admin": "accounts and policies",
}
PASSWORD = "safegrid-demo"  # noqa: S105 (public by design, refused in production)


def run(environ: Mapping[str, str]) -> None:
    """Start servers, portal and supervisor, and look after them until a signal raises `Stopped`.

    From `environ`: `PORT`; `DATABASE_URL` and `REDIS_URL` to use servers that exist; `SAFEGRID_VAR`, the
    folder for all that is kept; `SAFEGRID_SEED=no` for an empty portal. Raises LocalError.
    """
    var = var_folder(environ)
    with servers.only_one(var) as lock, Processes(keep_open=(lock,)) as processes:
        port = _free_port(environ.get("PORT") or "8000")
        sockets = processes.temporary_folder("safegrid-")
        # Somebody else's database gets no accounts with a public password.
        seed = not environ.get("DATABASE_URL") and environ.get("SAFEGRID_SEED") != "no"
        own, addresses = servers.prepare(
            processes, var=var, sockets=sockets, keep=True, given=environ, pass_fds=(lock,)
        )
        environment = dict(environ) | addresses
        environment |= {"SAFEGRID_VAR": str(var), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        environment["SECRET_KEY"] = environ.get("SECRET_KEY") or _secret_key(var)
        environment["DEBUG"] = environ.get("DEBUG") or "true"

        supervisor = Supervisor(processes)
        supervisor.start(own)
        _tell_manage_py(var, sockets, environment)
        _prepare_database(processes, environment, seed=seed)
        supervisor.start(portal.programs(port=port, var=var, environment=environment))
        say(greeting(port, var, accounts=seed))
        supervisor.watch()


def var_folder(environ: Mapping[str, str]) -> Path:
    """The folder for all that a run keeps."""
    return Path(environ.get("SAFEGRID_VAR") or portal.ROOT / "var").absolute()


def greeting(port: int, var: Path, *, accounts: bool) -> str:
    """What to tell the person at the terminal; demo accounts only where they were seeded."""
    lines = ["", f"SafeGrid is running: http://{portal.HOST}:{port}"]
    if accounts:
        lines += ["", f"Demo accounts, all with the password {PASSWORD}:"]
        lines += [f"  {name:<12} {who}" for name, who in ACCOUNTS.items()]
    lines += ["", f"Logs: {var / 'log'}. Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _free_port(text: str) -> int:
    """The port, if it can be had. Raises LocalError."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((portal.HOST, port))
        except PermissionError:
            raise LocalError(f"Port {port} needs root; choose one above 1023: PORT=8001 make run") from None
        except OSError:
            other = 8001 if port == 8000 else 8000
            raise LocalError(f"Port {port} is in use; choose another: PORT={other} make run") from None
    return port


def _secret_key(var: Path) -> str:
    """This folder's own key, made once: sessions and digests in the ledger must outlive a restart."""
    path = var / "secret_key"
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.replace(path)
    return path.read_text()


def _tell_manage_py(var: Path, sockets: Path, environment: Mapping[str, str]) -> None:
    """Let `manage.py` in another terminal find the servers that run: settings read `var/local.env`.

    The file itself lives and goes with the sockets.
    """
    target, link, draft = sockets / "local.env", var / "local.env", var / "local.env.new"
    names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "SAFEGRID_VAR", "PORT")
    target.touch(mode=0o600)
    target.write_text("".join(f"{name}={_quoted(environment[name])}\n" for name in names))
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(link)


def _quoted(value: str) -> str:
    """A value as the readers of `.env` files want it."""
    return "'" + value.replace("\\", r"\\").replace("'", r"\'") + "'"


def _prepare_database(processes: Processes, environment: Mapping[str, str], *, seed: bool) -> None:
    """Migrate and perhaps seed, in a process of its own that shows its progress here."""
    command = [sys.executable, "-m", "safegrid.local.prepare", *(["--seed"] if seed else [])]
    process = processes.start(command, wave=2, patience=2, cwd=portal.ROOT, env=dict(environment))
    code = process.wait()
    processes.forget(process)
    if code:
        raise LocalError("The database could not be prepared; the reason is above.")
