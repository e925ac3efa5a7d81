"""What listed supervision begins with: defaults that vary by place (DOMAIN), edited in the admin.

A province has no posts here: the city's committee office enters what the province lists.
"""

import datetime as dt

from hazards.listed.choices import ListingLevel
from hazards.listed.models import ListingRule
from safegrid.accounts.choices import PostKind
from safegrid.grid.choices import Level

IN_FORCE = dt.date(2021, 9, 1)
SOURCE = "安全生产法第四十一条（期限为默认规则）"
_BODIES = [PostKind.HEAD, PostKind.OFFICE, PostKind.SUPERVISOR]

#: Level, whose bodies, which posts; days until delisting, between reports, for an answer, for the spot check.
RULES = [
    (ListingLevel.DISTRICT, Level.DISTRICT, _BODIES, 60, 15, 10, 30),
    (ListingLevel.CITY, Level.CITY, _BODIES, 90, 15, 10, 30),
    (ListingLevel.PROVINCE, Level.CITY, [PostKind.OFFICE], 180, 30, 15, 60),
]


def load() -> None:
    """Write what is missing; what the office has made of it stays."""
    for level, unit_level, kinds, days, report_days, answer_days, spot_days in RULES:
        if not ListingRule.objects.filter(level=level).exists():
            ListingRule.objects.create(
                level=level,
                unit_level=unit_level,
                post_kinds=kinds,
                days=days,
                report_days=report_days,
                answer_days=answer_days,
                spot_days=spot_days,
                source=SOURCE,
                since=IN_FORCE,
            )
