"""The hotel's enterprise with its own officers, ready to write its books."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories as make

TODAY = dt.date(2026, 11, 23)


def who(cast, username: str, now: dt.datetime) -> dict[str, Any]:
    """Who writes, as services take it."""
    return {"actor": getattr(cast, username), "acting_post": cast.posts[username], "now": now}


@pytest.fixture
def books(cast, policies, now):
    """Everybody and everything that a test of the own line needs."""
    manager = make.StaffFactory(enterprise=cast.city.enterprise, name="王海燕")
    return SimpleNamespace(
        cast=cast,
        city=cast.city,
        enterprise=cast.city.enterprise,
        manager=manager,
        now=now,
        me=who(cast, "enterprise", now),
        rival=who(cast, "rival", now),
        official=who(cast, "inspector", now),
    )
