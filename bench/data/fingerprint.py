"""Whether the data that were kept are still those that today's code would make."""

import datetime as dt
import hashlib
from pathlib import Path

from safegrid.local.portal import ROOT

#: Whatever the rows depend on: their tables, the seed's own code, and what it takes from the product.
SOURCES = (
    "*/migrations/*.py",
    "safegrid/*/migrations/*.py",
    "bench/data/*.py",
    "bench/data/*.sql",
    "safegrid/grid/data/*",
    "safegrid/grid/reference.py",
    "safegrid/grid/keys.py",
    "safegrid/grid/matters.py",
    "safegrid/kernel/bigrams.py",
    "safegrid/kernel/findable.py",
    "safegrid/kernel/copying.py",
    "responsibility/policies.py",
    "inspections/data/*",
    "inspections/reference.py",
    "analysis/demo/findings.csv",
)


def fingerprint(scale: float) -> str:
    """Return what changes when the data are to be made anew.

    The week is part of it: what was due in a month when the data were made is overdue a month later.
    """
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)}):
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    year, week, _day = dt.datetime.now(dt.UTC).isocalendar()
    return f"{digest.hexdigest()} {scale:g} {year}-{week}"


class Stamp:
    """The file beside the data that says what they were made from."""

    def __init__(self, path: Path, scale: float) -> None:
        self._path = path
        self._now = fingerprint(scale)

    @property
    def is_fresh(self) -> bool:
        """Whether the data are complete and would be made the same today."""
        return self._path.exists() and self._path.read_text() == self._now

    def remove(self) -> None:
        """Say that there are no complete data."""
        self._path.unlink(missing_ok=True)

    def write(self) -> None:
        """Say that the data are complete."""
        self._path.write_text(self._now)
