"""`python -m safegrid.local reset`: forget everything that `run` has kept."""

import shutil
from contextlib import suppress
from pathlib import Path

from safegrid.local import postgres, servers


def reset(var: Path) -> None:
    """Remove the data of a portal that is not running: database, queue, files, mail, logs, key.

    Raises LocalError while it runs.
    """
    if not var.exists():
        return
    with servers.only_one(var):
        shutil.rmtree(postgres.elsewhere(var / "postgres").parent, ignore_errors=True)
        with suppress(OSError):  # there is none, or other projects have theirs in it
            postgres.ELSEWHERE.rmdir()
        for path in var.iterdir():
            if path.name == servers.LOCK:
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
