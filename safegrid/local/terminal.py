"""Lending the terminal to a command, as a shell does: keys reach the command, not the servers around it."""

import os
import signal
import subprocess
import sys


def lend(group: int) -> None:
    """Make a group of processes the one that the terminal's keys reach. No effect without a terminal."""
    if not sys.stdin or not sys.stdin.isatty():
        return
    before = signal.signal(
        signal.SIGTTOU, signal.SIG_IGN
    )  # else whoever is not in front is stopped for asking
    try:
        os.tcsetpgrp(sys.stdin.fileno(), group)
    finally:
        signal.signal(signal.SIGTTOU, before)


def wait(process: subprocess.Popen[bytes]) -> int:
    """Wait for a command that has the terminal, and take the terminal back; returns the exit code, as `Popen` does.

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
