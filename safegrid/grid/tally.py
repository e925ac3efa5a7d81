"""What is counted of sites."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from safegrid.grid.choices import RiskGrade
from safegrid.grid.counts import ALWAYS, Measure, Reader, Tally, narrowing_of, tallies
from safegrid.grid.models import Site

HIGH_RISK = (RiskGrade.RED, RiskGrade.ORANGE)
IS_HIGH = "r.risk IN ({})".format(", ".join(f"'{grade}'" for grade in HIGH_RISK))

sites = tallies.plug(
    "sites",
    Tally(
        "sites",
        Site,
        (
            Measure("sites", "TRUE", deep=True),
            Measure("high_risk", IS_HIGH, deep=True),
            Measure("on_the_map", "r.longitude IS NOT NULL"),
        ),
        has_matter=False,
    ),
    order=10,
)

#: The views of the list of which sums are kept.
VIEWS = {"all": "sites", "high": "high_risk"}


def views_summed(user: Any, active: Mapping[str, Any], now: dt.datetime) -> dict[str, int]:
    """Return the numbers of the list's views from sums that are kept; nothing where there are none."""
    narrowing = narrowing_of(active)
    if narrowing is None or narrowing.matter is not None:
        return {}
    reader = Reader(user, narrowing)
    if not reader.is_kept(sites, VIEWS.values()):
        return {}
    counts = reader.read(sites, dict.fromkeys(VIEWS.values(), ALWAYS))
    return {key: counts.of(measure) for key, measure in VIEWS.items()}
