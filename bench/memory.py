"""`python -m bench.memory hazards 100000`: export a list in this process and tell how much memory it took."""

import json
import resource
import sys
from pathlib import Path

import django

STATUS = Path("/proc/self/status")
SHORT = 3_000  # rows, more than an export holds at a time


def peak() -> float:
    """Return the most memory that this process has had, in megabytes."""
    if STATUS.exists():  # on Linux getrusage counts in what the parent had
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main(name: str, rows: int) -> None:
    """Export a few rows, then many, and print the growth."""
    django.setup()
    from bench.pages import selection
    from bench.readers import CITY
    from safegrid.kernel.listing import listings
    from safegrid.kernel.listing.exports import sheets

    def export(count: int) -> int:
        chosen = selection(CITY, listings[name], "tab=all")
        found = 0
        for columns in sheets(chosen):
            found += len(columns[0])
            if found >= count:
                break
        return found

    export(SHORT)
    before = peak()
    exported = export(rows)
    sys.stdout.write(json.dumps({"rows": exported, "before": before, "grown": peak() - before}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
