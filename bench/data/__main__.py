"""`python -m bench.data --scale=1`: fill an empty database, from its tables to its statistics."""

import argparse
import os
import sys

import django

from safegrid.local.signals import Stopped, raise_stopped

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    parser = argparse.ArgumentParser(prog="python -m bench.data", description=__doc__)
    parser.add_argument("--scale", type=float, required=True)
    raise_stopped()
    try:
        django.setup()
        from bench.data.fill import fill

        fill(parser.parse_args().scale)
    except Stopped as stopped:
        sys.exit(stopped.exit_code)
