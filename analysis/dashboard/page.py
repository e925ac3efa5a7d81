"""What the dashboard shows, worked out once for all who look at the same while nothing of it changes."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analysis.dashboard import queries
from analysis.dashboard.figures import Figures
from analysis.dashboard.focus import Focus, FocusForm, read_focus
from analysis.dashboard.sentence import sentence
from safegrid.grid.counts import edition
from safegrid.kernel.scope import Reach, reach_of

KEPT = 90  # seconds; a new minute is another page


class Shown(NamedTuple):
    """The parts of the page."""

    title: str  # the place that was chosen; "" for the whole of one's scope
    period: str
    content: SafeString


def shown(user: Any, params: QueryDict, *, now: dt.datetime) -> Shown:
    """Return what `user` sees for the focus that the address asks for.

    It is kept for who reaches the same, asks the same and reads the same language. Any change of a count
    ends it, and so does the minute: what depends on the hour, and names, are never older than that.
    """
    asked = tuple(params.get(name, "") for name in FocusForm.base_fields)
    minute = now.replace(second=0, microsecond=0)
    here = connection.settings_dict["NAME"]
    same = (here, edition(), minute, get_language(), asked, *_reached(reach_of(user)))
    key = f"dashboard:{sha256(repr(same).encode()).hexdigest()}"
    found = cache.get(key)
    if found is None:
        focus, form = read_focus(user, params, now=now)
        found = Shown(*_title(focus), _content(Figures(user, focus), form))
        cache.set(key, found, KEPT)
    return found


def _reached(reach: Reach) -> tuple[Any, ...]:
    branches = [
        (b.level, b.place_id, b.city, b.matter_id, b.unit_id, b.enterprise_id) for b in reach.branches
    ]
    return sorted(reach.post_ids), sorted(branches, key=repr)


def _title(focus: Focus) -> tuple[str, str]:
    words = {"since": date_format(focus.since), "today": date_format(localtime(focus.now), "DATETIME_FORMAT")}
    return focus.district.label if focus.district else "", _("%(since)s to %(today)s") % words


def _content(figures: Figures, form: FocusForm) -> SafeString:
    tiles = queries.tiles(figures)
    return render_to_string(
        "analysis/_dashboard.html",
        {
            "form": form,
            "tiles": tiles,
            "sentence": sentence(figures, tiles),
            "rows": queries.ranking(figures),
            "late": queries.longest_late(figures),
            "calls": queries.to_call(figures),
            "ageing": queries.ageing(figures),
            "trend": {
                "days": [day.isoformat() for day in figures.days],
                "series": {key: figures.curves[key] for key in ("open", "overdue", "found", "closed")},
            },
        },
    )
