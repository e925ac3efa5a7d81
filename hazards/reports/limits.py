"""How much one address and one gate may send in an hour. Nothing is asked of anybody outside.

An address is known by a keyed digest that changes every day, and only in the cache; the address itself
is written nowhere. Many phones share one address of a carrier: the limits leave room for that.
"""

import datetime as dt
import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from redis.exceptions import RedisError

from hazards.reports.sealing import daily_digest
from safegrid.kernel import clock

HOUR = 60 * 60  # seconds
log = logging.getLogger("safegrid.reports")


def sender(request: HttpRequest, *, now: dt.datetime) -> str:
    """Return what one address is known by today."""
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:  # behind a proxy that says nothing
        address = ""
    return daily_digest(address, on=clock.local_date(now))


def is_too_much(what: str, who: str) -> bool:
    """Count one more `what` of `who` (a digest or a code) in this hour; whether it is beyond the limit.

    Without a cache nothing is counted: a report is worth more than the limit.
    """
    key = f"reports:{what}:{who}"
    try:
        cache.add(key, 0, HOUR)
        return cache.incr(key) > settings.REPORTS_LIMITS[what]
    except ValueError:  # it ended in between
        return False
    except (RedisError, OSError):
        log.warning("no cache: reports are not counted")
        return False
