"""`python -m safegrid.local run | exec -- COMMAND… | reset`."""

import argparse
import os
import sys

from safegrid.local.execute import execute
from safegrid.local.processes import LocalError
from safegrid.local.reset import reset
from safegrid.local.run import run, var_folder
from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.terminal import say


def main(arguments: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m safegrid.local", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    commands.add_parser("run", help="the portal with everything it needs, until Ctrl-C")
    commands.add_parser("reset", help="remove all that run has kept")
    exec_parser = commands.add_parser("exec", help="a command with throw-away servers")
    exec_parser.add_argument("command", nargs="+", help="the command, after --")
    options = parser.parse_args(arguments)

    raise_stopped()
    try:
        if options.verb == "exec":
            return execute(options.command)
        if options.verb == "reset":
            reset(var_folder(os.environ))
            return 0
        return _run()
    except (LocalError, PermissionError) as error:
        say(str(error), sys.stderr)
        return 1
    except Stopped as stopped:
        return stopped.exit_code


def _run() -> int:
    try:
        run(os.environ)
    except Stopped:
        say("SafeGrid has stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
