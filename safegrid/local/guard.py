"""The guard: a tiny process that outlives its owner and stops what the owner has started.

The owner (a supervisor, a test runner) holds the only writing end of the guard's standard input. When the
owner dies, however it dies, the guard reads end-of-file, stops every group of processes still in its list,
removes the folders it was told to remove, and ends. It is run as a plain file by an isolated interpreter, so
it imports the standard library only. `end` is also what the owner itself calls for an ordinary stop.

Lines on standard input, fields separated by tabs: `add PID WAVE PATIENCE SIGNAL,SIGNAL…`, `drop PID`, `remove
PATH`.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

TICK = 0.05
"""Seconds between two looks at whether a process has gone."""

LEFTOVERS = 1.0
"""Seconds that killed members of a group get to vanish."""


class Group(NamedTuple):
    """A process that leads its own group, and how to stop it."""

    pid: int
    wave: int
    """Higher waves are stopped first: the portal (2) before its servers (1)."""
    patience: float
    """Seconds between one signal and the next, sterner one."""
    signals: tuple[signal.Signals, ...]
    """Polite to stern, for the leader; what then remains of the group is killed."""

    def line(self) -> str:
        """How the guard is told of it."""
        names = ",".join(item.name for item in self.signals)
        return f"add\t{self.pid}\t{self.wave}\t{self.patience}\t{names}\n"

    @classmethod
    def parse(cls, pid: str, wave: str, patience: str, names: str) -> "Group":
        """The group that the fields of such a line describe."""
        return cls(
            int(pid), int(wave), float(patience), tuple(signal.Signals[name] for name in names.split(","))
        )


def is_gone(pid: int) -> bool:
    """Whether a process has ended; a child of ours is reaped on the way."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return True
    return _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process has ended and its new parent, which may take a second, has not noticed (Linux)."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"Z"
    except (OSError, IndexError):
        return False


def _signal(send: Callable[[int, int], None], pid: int, number: int) -> bool:
    """Send a signal by `os.kill` or `os.killpg`; whether there was anybody to receive it."""
    try:
        send(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers "not permitted" for a group of zombies
        return False
    return True


def end(groups: Iterable[Group]) -> None:
    """Stop groups of processes, wave after wave, politely and then firmly; return when nothing is left of
    them.

    The polite signals go to the leader alone: a Celery worker waits for its children, and a signal to the
    whole group would end these in the middle of a task.
    """
    by_wave: dict[int, list[Group]] = {}
    for group in groups:
        by_wave.setdefault(group.wave, []).append(group)
    for wave in sorted(by_wave, reverse=True):
        _end_wave(by_wave[wave])


def _end_wave(groups: list[Group]) -> None:
    began = time.monotonic()
    sent = dict.fromkeys(groups, 0)
    while sent:
        waited = time.monotonic() - began
        for group, count in list(sent.items()):
            if is_gone(group.pid):
                del sent[group]
            elif count < len(group.signals) and waited >= count * group.patience:
                _signal(os.kill, group.pid, group.signals[count])
                sent[group] = count + 1
            elif waited >= len(group.signals) * group.patience:
                _signal(os.killpg, group.pid, signal.SIGKILL)
                del sent[group]
        if sent:
            time.sleep(TICK)
    until = time.monotonic() + LEFTOVERS
    for group in groups:
        while _signal(os.killpg, group.pid, signal.SIGKILL) and time.monotonic() < until:
            is_gone(group.pid)
            time.sleep(TICK)


def main() -> None:
    """Keep the list that the owner dictates; act on it when the owner has gone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, Group] = {}
    folders: list[str] = []
    for line in sys.stdin:
        word, *fields = line.rstrip("\n").split("\t")
        if word == "add":
            group = Group.parse(*fields)
            groups[group.pid] = group
        elif word == "drop":
            groups.pop(int(fields[0]), None)
        elif word == "remove":
            folders.append(fields[0])
    end(groups.values())
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
