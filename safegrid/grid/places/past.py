"""Where sites stood on a day that is over: a duty over a place that was, or that they left, is read there."""

import datetime as dt

from django.db import connection

from safegrid.grid.models import PastPlace, Site
from safegrid.kernel.scope import LEVELS

#: What the trigger reads the day of a change from; without it, it takes the present one.
SETTING = "safegrid.moved_on"


def move_on(day: dt.date) -> None:
    """Let what is moved in this transaction have moved on the local `day`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, TRUE)", [SETTING, day.isoformat()])


def place_ids_on(site: Site, on: dt.date) -> dict[str, int | None]:
    """Return the place columns of `site` on the local day `on`, today's for the future. One query."""
    past = PastPlace.objects.filter(site=site, until__gt=on).order_by("until", "pk").first()
    if past is None:
        return site.place_ids
    return {f"{level}_id": getattr(past, f"{level}_id") for level in LEVELS}
