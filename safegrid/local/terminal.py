"""The terminal: a line for whoever sits there, and lending it to a command as a shell does."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TextIO


def say(text: str, stream: TextIO | None = None) -> None:
    """A line for the person at the terminal, who may have left."""
    stream = stream or sys.stdout
    with suppress(OSError):
        stream.write(f"{text}\n")
        stream.flush()


def lend(group: int) -> None:
    """Make a group of processes the one that the terminal's keys reach. No effect without a terminal."""
    if not sys.stdin or not sys.stdin.isatty():
        return
    # Whoever is not in front is stopped for asking, unless it ignores that.
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        os.tcsetpgrp(sys.stdin.fileno(), group)
    finally:
        signal.signal(signal.SIGTTOU, before)


def wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for a command that has the terminal, and take that back; returns the exit code, as `Popen` does.

    A command stopped by Ctrl-Z stops us too, so that the shell can put all of it aside and take it up again.
    """
    try:
        while process.returncode is None:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                process.returncode = os.waitstatus_to_exitcode(status)
                break
            lend(os.getpgrp())
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            lend(process.pid)
            os.killpg(process.pid, signal.SIGCONT)
    finally:
        lend(os.getpgrp())
    return process.returncode
