"""What is worked out from counts, kept while none of them changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.utils.translation import get_language

from safegrid.grid.counts.folding import edition
from safegrid.kernel.scope import Reach, reach_of

KEPT = 90  # seconds; a new minute is another one

T = TypeVar("T")


def kept(what: str, user: Any, asked: Any, make: Callable[[], T], *, now: dt.datetime) -> T:
    """Return what `make` gives for somebody who asks `asked`, made anew only when it may have changed.

    It is the same for who reaches the same and reads the same language. Any change of a count ends it, and so
    does the minute: what depends on the hour, and names, are never older than that.
    """
    minute = now.replace(second=0, microsecond=0)
    here = connection.settings_dict["NAME"]
    same = (here, edition(), minute, get_language(), asked, *_reached(reach_of(user)))
    key = f"{what}:{sha256(repr(same).encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, KEPT)
    return found


def _reached(reach: Reach) -> tuple[Any, ...]:
    branches = [
        (b.level, b.place_id, b.city, b.matter_id, b.unit_id, b.enterprise_id, b.whole)
        for b in reach.branches
    ]
    return sorted(reach.post_ids), sorted(branches, key=repr)
