"""Enterprises of the demo city that do not work: one is suspended, one is out of its season."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from safegrid.grid.choices import EnterpriseStatus
from safegrid.grid.models import Site
from safegrid.grid.status import change_status
from safegrid.kernel import clock

if TYPE_CHECKING:
    from analysis.demo.clockwork import City

SUSPENDED, OUT_OF_SEASON = 20, 34  # days ago
NAMED = 6  # the first sites are those of the cast and of enterprises without a code
SEASON = range(4, 8)  # months from now: out of it for whoever looks at the demo in its first weeks


def suspend(city: City, district: int, now: dt.datetime) -> None:
    """Suspend the enterprise of a site that inspects itself: no self-inspection is asked for any more."""
    _rest(
        _inspecting(city, district)[0],
        EnterpriseStatus.SUSPENDED,
        reason="企业申请停产检修，恢复生产前报备",
        city=city,
        now=now,
    )


def end_season(city: City, district: int, now: dt.datetime) -> None:
    """Let another one work by season: its season is not now, and what it owes at the site rests."""
    month = clock.local_date(now).month
    _rest(
        _inspecting(city, district)[1],
        EnterpriseStatus.SEASONAL,
        months=sorted((month + ahead - 1) % 12 + 1 for ahead in SEASON),
        reason="按季节经营，淡季停业",
        city=city,
        now=now,
    )


def _inspecting(city: City, district: int) -> list[Site]:
    """Return sites of a district that inspect themselves, of enterprises with this one only."""
    owners = [site.enterprise_id for site in city.sites]
    return [
        site
        for number, site in enumerate(city.sites)
        if number >= NAMED
        and number % 3 == 0  # as the story gives out rhythms
        and site.district_id == district
        and owners.count(site.enterprise_id) == 1
    ]


def _rest(site: Site, status: str, *, city: City, now: dt.datetime, **said: Any) -> None:
    office = city.bodies.office
    change_status(
        enterprise=site.enterprise,
        site=None,
        status=status,
        since=clock.local_date(now),
        actor=city.people[office.pk],
        acting_post=office,
        now=now,
        **said,
    )
