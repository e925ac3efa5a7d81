"""`python -m bench.measure --scale=1 --rounds=7 -k WORD,WORD`: measure goals, show a table, write it down.

Exits with 1 when a goal that counts at this scale is missed, or cannot be measured.
"""

import argparse
import os
import sys
import traceback

import django

from safegrid.local.signals import Stopped, raise_stopped
from safegrid.local.terminal import say


def main(arguments: list[str]) -> int:
    """Do it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.measure", description=__doc__)
    parser.add_argument("--scale", type=float, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("-k", default="")
    options = parser.parse_args(arguments)
    django.setup()
    from bench.asking import Line
    from bench.goals import Bench, plan
    from bench.report import Report
    from bench.servers import port_of
    from safegrid.kernel import clock

    bench = Bench(Line(port_of(os.environ)), options.rounds, options.scale, clock.local_date(clock.now()))
    report = Report(options.scale, options.rounds)
    say(report.head)
    for goal, measure in plan():
        if not any(word in goal.key for word in options.k.split(",")):
            continue
        try:
            say(report.add(goal, measure(bench)))
        except Exception as error:
            traceback.print_exc()
            say(report.fail(goal, error))
        report.write()  # whatever ends it, what was measured is kept
    say(report.foot)
    return report.exit_code


if __name__ == "__main__":
    raise_stopped()
    try:
        sys.exit(main(sys.argv[1:]))
    except Stopped as stopped:
        sys.exit(stopped.exit_code)
