"""`python -m safegrid.local run | exec -- COMMAND… | reset`."""

import argparse
import sys

from safegrid.local.execute import execute
from safegrid.local.processes import LocalError
from safegrid.local.signals import Stopped, raise_stopped


def main(arguments: list[str]) -> int:
    """Do what the command line says; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m safegrid.local", description=__doc__)
    commands = parser.add_subparsers(dest="verb", required=True)
    exec_parser = commands.add_parser("exec", help="run a command with throw-away servers")
    exec_parser.add_argument("command", nargs="+", help="the command, after --")
    options = parser.parse_args(arguments)
    raise_stopped()
    try:
        return execute(options.command)
    except LocalError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped as stopped:
        return stopped.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
