"""Finding out which processes of a test are alive, by the kernel's own list (Linux)."""

import os
import time
from collections.abc import Callable
from pathlib import Path


def marked(*marks: str | Path) -> list[str]:
    """The living processes that carry one of the marks in their arguments, environment or working folder.

    PostgreSQL writes its title over its environment: it is known by its working folder, that of its data.
    """
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            arguments = (folder / "cmdline").read_bytes()
            everything = (
                arguments + (folder / "environ").read_bytes() + os.fsencode(os.readlink(folder / "cwd"))
            )
        except OSError:  # it has ended; a zombie has no working folder
            continue
        if any(os.fsencode(mark) in everything for mark in marks):
            found.append(f"{folder.name} {arguments.replace(bytes(1), b' ').decode(errors='replace')}")
    return found


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
