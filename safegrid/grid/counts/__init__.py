"""Counts without counting: what pages show of a million rows is summed as the rows change.

A `Tally` declares what is counted of a table. A trigger writes what each statement adds and takes away
into `CountDelta`, in the same transaction, whatever wrote the rows: a service, an import, a move. `fold`
adds deltas to the sums in `Count` in the background, and `read` adds the two in one statement, so a fold
in between is never seen. Rows are summed by the *day* they fall due, so that becoming overdue needs no
write. `differences` proves the sums against the rows.
"""

from safegrid.grid.counts import installing
from safegrid.grid.counts.folding import differences, edition, fold, rebuild
from safegrid.grid.counts.keeping import kept
from safegrid.grid.counts.narrowing import Narrowing, narrowing_of
from safegrid.grid.counts.reading import ALWAYS, MATTER, WHOLE, Counts, Reader, Span, read
from safegrid.grid.counts.tallies import EVER, Measure, Tally, tallies

__all__ = [
    "ALWAYS",
    "EVER",
    "MATTER",
    "WHOLE",
    "Counts",
    "Measure",
    "Narrowing",
    "Reader",
    "Span",
    "Tally",
    "differences",
    "edition",
    "fold",
    "installing",
    "kept",
    "narrowing_of",
    "read",
    "rebuild",
    "tallies",
]
