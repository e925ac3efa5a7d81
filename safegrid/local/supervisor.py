"""The supervisor: starts programs in order, starts again what dies, shows what matters of their logs.

It stops nothing itself. Whoever owns the `Processes` does, and their guard should that one be killed.
"""

import json
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from safegrid.local.processes import Processes
from safegrid.local.programs import Program
from safegrid.local.terminal import say

LOOK = 0.2
"""Seconds between two looks at the programs and their logs."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a dead program is started again; doubled each time."""
SOUND = 60.0
"""Seconds after which a program counts as running well, and its next pause is short again."""
WIDTH = 240


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started: float
    read: int
    """How many bytes of the log have been looked at."""
    pause: float = FIRST_PAUSE
    due: float | None = None
    """When a dead program is to be started again."""


@dataclass
class Supervisor:
    """The programs of one run."""

    processes: Processes
    children: list[_Child] = field(default_factory=list)

    def start(self, programs: Iterable[Program]) -> None:
        """Start programs together and wait until each serves. Raises LocalError."""
        begun = [(program, program.start(self.processes)) for program in programs]
        for program, process in begun:
            program.wait_until_ready(process)
            # What it said on its way up does not matter once it is up.
            self.children.append(_Child(program, process, time.monotonic(), program.log.stat().st_size))

    def watch(self) -> None:
        """Look after the programs for ever, or until an exception ends it."""
        while True:
            for child in self.children:
                for line in important_lines(child):
                    say(f"{child.program.name}: {line}")
                self._revive(child)
            time.sleep(LOOK)

    def _revive(self, child: _Child) -> None:
        now = time.monotonic()
        if child.due is None and child.process.poll() is not None:
            self.processes.forget(child.process)
            if now - child.started > SOUND:
                child.pause = FIRST_PAUSE
            say(
                f"{child.program.name} ended ({_how(child.process.returncode)}); "
                f"starting it again in {child.pause:.0f} s. Log: {child.program.log}"
            )
            child.due = now + child.pause
            child.pause = min(2 * child.pause, LONGEST_PAUSE)
        elif child.due is not None and now >= child.due:
            child.process, child.started, child.due = child.program.start(self.processes), now, None


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def important_lines(child: _Child) -> Iterator[str]:
    """The lines added to a program's log since the last look which a person should see, shortened."""
    log = child.program.log
    size = log.stat().st_size
    if size <= child.read:
        child.read = size  # a new file after rotation
        return
    with log.open("rb") as stream:
        stream.seek(child.read)
        added = stream.read(size - child.read)
    complete = added.rpartition(b"\n")[0]
    child.read += len(complete) + bool(complete)
    for line in complete.decode(errors="replace").splitlines():
        if child.program.important.search(line):
            yield _readable(line)[:WIDTH]


def _readable(line: str) -> str:
    """A JSON event as its level and text, with the last line of its exception; other lines as they are."""
    try:
        event = json.loads(line)
        exception = str(event.get("exception") or "").strip().splitlines()
        return ": ".join([event["level"], str(event["event"]), *exception[-1:]])
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
