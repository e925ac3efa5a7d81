"""What is counted of sites."""

from safegrid.grid.choices import RiskGrade
from safegrid.grid.counts import Measure, Tally, tallies
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
