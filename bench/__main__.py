"""`SCALE=1 ROUNDS=7 python -m bench [-k WORD,WORD]`: start all that is needed, fill it, measure, stop it all.

The data of a scale are kept in `var/bench/SCALE/` and made anew when they are out of date. Exits with 1 on a
missed goal, and with what a shell expects when asked to end.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from bench import servers
from bench.data.fingerprint import Stamp
from safegrid.local import portal
from safegrid.local.processes import LocalError, Processes
from safegrid.local.run import var_folder
from safegrid.local.servers import only_one
from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.terminal import say


def main(arguments: list[str]) -> int:
    """Do what the command line and the environment say; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("-k", metavar="WORD,WORD", default="", help="only goals whose key contains one")
    parser.add_argument("--seed-only", action="store_true", help="make the data and measure nothing")
    options = parser.parse_args(arguments)
    raise_stopped()
    try:
        scale = _number("SCALE", "1", 0.001, 10)
        rounds = int(_number("ROUNDS", "7", 1, 1000))
        var = var_folder(os.environ) / "bench" / f"{scale:g}"
        with only_one(var) as lock, Processes(keep_open=(lock,)) as processes:
            _fill(processes, var, lock, scale)
            if options.seed_only:
                return 0
            with servers.running(processes, var, lock, seeding=False) as env:
                servers.start_web(processes, var, env)
                command = ["bench.measure", f"--scale={scale:g}", f"--rounds={rounds}", f"-k={options.k}"]
                return _python(processes, env, command)
    except (LocalError, PermissionError) as error:
        say(str(error), sys.stderr)
        return 1
    except Stopped as stopped:
        say(f"Stopped by {stopped}; what was measured before is in bench.json.", sys.stderr)
        return stopped.exit_code


def _fill(processes: Processes, var: Path, lock: int, scale: float) -> None:
    """Make the data unless they are there, from today's code and not too old."""
    stamp = Stamp(var / "data.stamp", scale)
    if stamp.is_fresh:
        return
    stamp.remove()
    with servers.running(processes, var, lock, seeding=True) as env:
        if _python(processes, env, ["bench.data", f"--scale={scale:g}"]):
            raise LocalError("The data could not be made; the reason is above.")
    stamp.write()


def _python(processes: Processes, env: dict[str, str], command: list[str]) -> int:
    process = processes.start([sys.executable, "-m", *command], wave=2, patience=2, cwd=portal.ROOT, env=env)
    code = process.wait()
    processes.forget(process)
    if code < 0:
        raise LocalError(f"{command[0]} was ended by {signal.Signals(-code).name}.")
    return code


def _number(name: str, default: str, least: float, most: float) -> float:
    text = os.environ.get(name) or default
    try:
        number = float(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise LocalError(f"{name} must be a number from {least:g} to {most:g}, not {text!r}.")
    return number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
