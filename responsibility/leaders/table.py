"""The office's table of leaders' duties (领导干部履职表, table 8): what the reader sees, unit by unit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from responsibility.leaders.choices import DeedKind
from responsibility.leaders.models import Leader
from responsibility.leaders.queries import sums, wing_counts
from responsibility.obligations.choices import Rhythm
from responsibility.obligations.periods import period_of
from safegrid.accounts.queries import holders
from safegrid.kernel.office_tables import Head, OfficeTable

MONTHS_IN_QUARTER = 3


def days_of(year: int, quarter: int | None) -> tuple[str, dt.date, dt.date]:
    """Return (name, first day, last day) of a quarter, or of the year."""
    month = (quarter - 1) * MONTHS_IN_QUARTER + 1 if quarter else 1
    name, first, following = period_of(
        dt.date(year, month, 1), Rhythm.QUARTERLY if quarter else Rhythm.YEARLY
    )
    return name, first, following - dt.timedelta(days=1)


def office_table(user: Any, *, year: int, quarter: int | None, today: dt.date) -> OfficeTable:
    """Return the table of what `user` reads. Nobody is ranked: leaders stand as their units do."""
    name, first, last = days_of(year, quarter)
    leaders = list(Leader.objects.visible_to(user).select_related("post", "unit").order_by("sequence", "pk"))
    shown = min(today, last)
    manned = holders([leader.post_id for leader in leaders], on=shown)
    wings = wing_counts(leaders, on=shown)
    by_leader = sums(leaders, first, last)
    checks, meetings, hazards = _("Checks"), _("Meetings"), _("Hazards")
    visits = _("Enterprises under their wing")
    return OfficeTable(
        name=_("Leaders' duties"),
        title=_("Safety duties of leading posts"),
        note=_("Period: %(period)s, %(first)s to %(last)s; owed is what falls due in it")
        % {"period": name, "first": first.isoformat(), "last": last.isoformat()},
        heads=(
            Head(pgettext("person", "Name"), 12),
            Head(_("Post"), 34),
            Head(_("Unit"), 34),
            Head(_("To lead"), 10, checks),
            Head(_("Led"), 10, checks),
            Head(_("Found"), 10, hazards),
            Head(_("Fixed"), 10, hazards),
            Head(_("To hold"), 10, meetings),
            Head(_("Held"), 10, meetings),
            Head(_("Number of them"), 10, visits),
            Head(_("Visits to make"), 10, visits),
            Head(_("Visits made"), 10, visits),
        ),
        rows=(
            (
                str(manned.get(leader.post_id) or _("vacant")),
                leader.post.label,
                leader.unit.label,
                sum_.owed[DeedKind.CHECK],
                sum_.done[DeedKind.CHECK],
                sum_.found,
                sum_.fixed,
                sum_.owed[DeedKind.MEETING],
                sum_.done[DeedKind.MEETING],
                wings.get(leader.pk, 0),
                sum_.owed[DeedKind.CONTACT],
                sum_.done[DeedKind.CONTACT],
            )
            for leader in leaders
            for sum_ in (by_leader[leader.pk],)
        ),
    )
