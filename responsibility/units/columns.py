"""Columns that lists about units share."""

import datetime as dt
from dataclasses import dataclass

from safegrid.kernel.listing import PlaceColumn
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Cells


@dataclass(frozen=True, kw_only=True)
class StandsColumn(PlaceColumn):
    """Where a unit stands. One of the whole city stands in no district, and nothing is wrong with that."""

    def cells(self, rows: Batch, now: dt.datetime) -> Cells:
        return super().cells(rows, now)._replace(tones=())
