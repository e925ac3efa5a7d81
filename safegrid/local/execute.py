"""`python -m safegrid.local exec -- COMMAND`: a command with throw-away servers around it."""

import os
from collections.abc import Sequence

from safegrid.local import servers, terminal
from safegrid.local.processes import LocalError


def execute(command: Sequence[str]) -> int:
    """Run a command with servers of its own in the environment; returns its exit code as a shell counts it.

    Raises LocalError if there is no such command.
    """
    with servers.throwaway() as (processes, environment):
        try:
            process = processes.start(
                command, wave=2, patience=4, terminal=True, env=os.environ | environment
            )
        except OSError as error:
            raise LocalError(f"{command[0]}: {error.strerror}") from error
        code = terminal.wait(process)
        processes.forget(process)
    return code if code >= 0 else 128 - code
