"""What every test has: real servers of its own, an empty cache, and the named cast."""

import datetime as dt
import os
import time
from collections.abc import Iterator

import pytest
import time_machine
from hypothesis import settings

pytest_plugins = ["tests.chromium"]

if "DATABASE_URL" not in os.environ:
    # Otherwise the settings would find the portal that is running here, and its database.
    raise pytest.UsageError("The tests need servers of their own: run `make test`.")

settings.register_profile("calm", deadline=None)  # a busy machine is no error
settings.load_profile("calm")

NO_TRUNCATE = "audit_%_no_truncate"


@pytest.fixture(scope="session")
def own_redis(worker_id: str) -> None:
    """Give each process of a parallel run a database of its own on the one Valkey."""
    from django.conf import settings
    from django.test import override_settings

    if worker_id == "master":
        return
    number = int(worker_id.removeprefix("gw")) + 1
    url = os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("db=0", f"db={number}")
    # Not by hand: whoever has the cache in use already is told that it is another one.
    override_settings(
        REDIS_URL=url,
        CACHES={"default": settings.CACHES["default"] | {"LOCATION": url}},
        CELERY_BROKER_URL=settings.CELERY_BROKER_URL.replace("host=0", f"host={number}"),
    ).enable()


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """Static files are served from where they are kept; the folder of collected ones only has to be there."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@pytest.fixture(autouse=True)
def settled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let what pages still asked of the live server come to its end before the tables are emptied.

    Pages and their contexts are made after this fixture, so they are closed before it ends.
    """
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("live_server")
    yield
    from django.db import connection

    calm, end = 0, time.monotonic() + 10
    while calm < 3 and time.monotonic() < end:  # between two queries of a request all is calm too
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            calm = 0 if cursor.fetchone()[0] else calm + 1
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def english() -> None:
    """A request leaves its reader's language behind in the thread; every test begins in English."""
    from django.utils import translation

    translation.activate("en")


@pytest.fixture(autouse=True)
def empty_cache(own_redis: None) -> None:
    """No throttle and no session outlives a test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Let each process copy one migrated database, instead of migrating its own."""
    from django.db import connection

    from tests.template import migrated

    connection.settings_dict["TEST"]["TEMPLATE"] = migrated(connection.settings_dict)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Let transactional tests empty the ledger's tables, which nobody else may."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE %s", [NO_TRUNCATE]
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


@pytest.fixture
def now() -> Iterator[dt.datetime]:
    """Monday 23 November 2026, ten in the morning in Xining; the clock stands still."""
    instant = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
    with time_machine.travel(instant, tick=False):
        yield instant


@pytest.fixture
def beginnings(db):
    """What this test begins with; see `tests.snapshots`."""
    from tests.snapshots import Beginnings

    return Beginnings()


@pytest.fixture
def city(beginnings):
    """Places, matters, bodies, three enterprises with four sites."""
    from tests.city import build_city

    return beginnings.take("city", build_city)


@pytest.fixture
def cast(beginnings, city):
    """The people of the demo by name, and a few more who must see nothing."""
    from tests.city import build_cast

    return beginnings.take("cast", lambda: build_cast(city))


@pytest.fixture
def policies(beginnings, now):
    """The ladder, deadlines, coverage policy and working calendar that a portal starts with."""
    from responsibility.policies import load_policies
    from safegrid.kernel import clock

    beginnings.take("policies", lambda: load_policies(today=clock.local_date(now)))
