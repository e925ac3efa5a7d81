"""The real reference data, loaded once for each module that asks for it."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

from safegrid.grid.reference import load_reference

NOW = dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def reference(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dt.datetime]:
    """The whole tree of Xining; gives the instant of loading. Each test's changes are rolled back on top."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference(now=NOW)
        yield NOW
        transaction.set_rollback(True)
