"""Starting processes so that none can be left behind: each leads its own group and is on the guard's list."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from safegrid.local import guard
from safegrid.local.terminal import lend

TERM = (signal.SIGTERM,)
"""What most programs understand as a wish to stop. `guard.end` kills whoever does not."""


class LocalError(Exception):
    """Something that the person at the terminal can put right; the message says what, plainly."""


class Processes:
    """The processes of one run, with a guard that stops them should this process die first.

    A context manager: on leaving, everything still running is stopped and temporary folders are removed.
    Not for use in several threads: children write their own entry in the guard's list between fork and exec.
    """

    def __init__(self, keep_open: Sequence[int] = ()) -> None:
        """`keep_open`: descriptors that the guard inherits, such as a lock held until all has ended."""
        self._groups: dict[int, guard.Group] = {}
        self._folders: list[Path] = []
        inlet, self._pipe = os.pipe()
        self._guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=inlet,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            pass_fds=keep_open,
        )
        os.close(inlet)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(
        self,
        command: Sequence[str | Path],
        *,
        wave: int,
        patience: float,
        signals: Sequence[signal.Signals] = TERM,
        terminal: bool = False,
        **options: Any,
    ) -> subprocess.Popen[bytes]:
        """Start a command as the leader of its own group.

        `wave`, `patience` and `signals` say how it is stopped, see `guard.Group`. With `terminal` it is lent
        the terminal, to be waited for by `terminal.wait`; else it gets a session of its own and no key
        reaches it. `options` go to `Popen`.
        """

        def enlist() -> None:
            # In the child, before exec: were it done by the parent afterwards, a parent killed in between
            # would leave a process that nobody knows of.
            os.write(self._pipe, guard.Group(os.getpid(), wave, patience, tuple(signals)).line().encode())
            if terminal:
                lend(os.getpid())

        if terminal:
            options["process_group"] = 0
        else:
            options["start_new_session"] = True
            options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(list(map(str, command)), preexec_fn=enlist, **options)
        self._groups[process.pid] = guard.Group(process.pid, wave, patience, tuple(signals))
        return process

    def run(self, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[bytes]:
        """Run a command to its end and keep what it prints to standard error; see `start` for `options`."""
        process = self.start(command, wave=2, patience=2, stderr=subprocess.PIPE, **options)
        out, err = process.communicate()
        self.forget(process)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """Take a process that has ended off the list, and end whatever of its group is still there."""
        guard.end([self._groups.pop(process.pid)])
        self._tell(f"drop\t{process.pid}\n")

    def temporary_folder(self, prefix: str) -> Path:
        """A new private folder with a short path, removed at the end, by the guard if need be.

        Under `/tmp` and not `TMPDIR`, which may be long: a socket's path is limited to some 100 characters.
        """
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
        self._folders.append(folder)
        self._tell(f"remove\t{folder}\n")
        return folder

    def close(self) -> None:
        """Stop everything, servers last, and remove temporary folders."""
        guard.end(self._groups.values())
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        for pid in self._groups:
            self._tell(f"drop\t{pid}\n")
        self._groups.clear()
        os.close(self._pipe)
        self._guard.wait()

    def _tell(self, line: str) -> None:
        # Should somebody have killed the guard, `close` does its work as long as this process lives.
        with suppress(BrokenPipeError):
            os.write(self._pipe, line.encode())


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment for servers: no PG* variable of the caller's reaches PostgreSQL's programs."""
    return {key: value for key, value in environ.items() if not key.startswith("PG")} | {"LC_ALL": "C"}
