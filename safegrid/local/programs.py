"""A long-running program: what starts it, how one sees that it serves, how it is stopped."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safegrid.local.processes import TERM, LocalError, Processes

ERRORS = re.compile(r"\b(ERROR|CRITICAL|FATAL|PANIC)\b|\"level\": \"(error|critical)\"")
ROTATE_BYTES = 5_000_000
READY_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Program:
    """One line of a supervisor's table."""

    name: str
    command: Sequence[str | Path]
    log: Path
    """Everything it prints goes here, straight and not through us: it never waits for a reader."""
    is_ready: Callable[[], bool]
    wave: int = 2
    """Programs of the portal stop (2) before the servers that they need (1)."""
    patience: float = 2
    signals: Sequence[signal.Signals] = TERM
    important: re.Pattern[str] = ERRORS
    """Lines of the log that a person at the terminal should see."""
    options: dict[str, Any] = field(default_factory=dict)
    """For `Popen`."""

    def start(self, processes: Processes) -> subprocess.Popen[bytes]:
        """Start it, without waiting until it serves."""
        if self.log.exists() and self.log.stat().st_size > ROTATE_BYTES:
            self.log.replace(self.log.with_name(f"{self.log.name}.1"))
        with self.log.open("ab") as log:
            return processes.start(
                self.command,
                wave=self.wave,
                patience=self.patience,
                signals=self.signals,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self.options,
            )

    def wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until it serves.

        Raises LocalError with the last lines of its log if it ends first or is not ready in time.
        """
        until = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            ended = process.poll() is not None
            if ended or time.monotonic() > until:
                what = "ended at once" if ended else f"was not ready after {READY_SECONDS} seconds"
                raise LocalError(f"{self.name} {what}; the end of {self.log}:\n{self._end_of_log()}")
            time.sleep(0.02)

    def _end_of_log(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
