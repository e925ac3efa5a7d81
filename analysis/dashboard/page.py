"""What the dashboard shows, worked out once for all who look at the same while nothing of it changes."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from analysis.dashboard import queries
from analysis.dashboard.figures import Figures
from analysis.dashboard.focus import Focus, FocusForm, read_focus
from analysis.dashboard.sentence import sentence
from safegrid.grid.counts import kept


class Shown(NamedTuple):
    """The parts of the page."""

    title: str  # the place that was chosen; "" for the whole of one's scope
    period: str
    content: SafeString


def shown(user: Any, params: QueryDict, *, may_instruct: bool, now: dt.datetime) -> Shown:
    """Return what `user` sees for the focus that the address asks for, with what they may do about a row."""
    asked = may_instruct, *(params.get(name, "") for name in FocusForm.base_fields)

    def make() -> Shown:
        focus, form = read_focus(user, params, now=now)
        return Shown(*_title(focus), _content(Figures(user, focus), form, may_instruct))

    return kept("dashboard", user, asked, make, now=now)


def _title(focus: Focus) -> tuple[str, str]:
    words = {"since": date_format(focus.since), "today": date_format(localtime(focus.now), "DATETIME_FORMAT")}
    return focus.district.label if focus.district else "", _("%(since)s to %(today)s") % words


def _content(figures: Figures, form: FocusForm, may_instruct: bool) -> SafeString:
    tiles = queries.tiles(figures)
    return render_to_string(
        "analysis/_dashboard.html",
        {
            "form": form,
            "tiles": tiles,
            "sentence": sentence(figures, tiles),
            "rows": queries.ranking(figures),
            "late": queries.longest_late(figures),
            "may_instruct": may_instruct,
            "calls": queries.to_call(figures),
            "ageing": queries.ageing(figures),
            "trend": {
                "days": [day.isoformat() for day in figures.days],
                "series": {key: figures.curves[key] for key in ("open", "overdue", "found", "closed")},
            },
        },
    )
