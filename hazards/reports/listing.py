"""The list of public reports, for officials: what has come in, and whose move is it?"""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.reports.choices import OPEN, ReportState, Via
from hazards.reports.filters import ReportFilters
from hazards.reports.models import Report, ReportQuerySet
from responsibility.transfers.lifecycle import speaks
from safegrid.accounts.middleware import acting_post
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    DueColumn,
    Listing,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.scope import reach_of

TONES = {
    ReportState.RECEIVED: "warn",
    ReportState.ACCEPTED: "info",
    ReportState.VERIFIED: "info",
    ReportState.ANSWERED: "good",
    ReportState.REJECTED: "neutral",
}


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of the next step of those that are open."""
    today = clock.local_date(now)
    return [
        (today - due_on).days if state in OPEN and due_on.year < 9999 else None
        for state, due_on in zip(rows["state"], rows["due_on"], strict=True)
    ]


def _mine(rows: ReportQuerySet, user: Any, now: dt.datetime) -> ReportQuerySet:
    return rows.open().filter(post__in=reach_of(user).post_ids)


def _actions(request: HttpRequest) -> list[Action]:
    if not speaks(acting_post(request)):
        return []
    return [Action(_("Somebody called"), reverse("hazards:report_call"), icon="phone")]


reports = listings.plug(
    "reports",
    Listing(
        name="reports",
        model=Report,
        title=_("Public reports"),
        view="hazards:reports",
        filterset=ReportFilters,
        actions=_actions,
        search=_("Number, what, where, or site"),
        empty=_("What people report without an account stands here."),
        columns=(
            Column(
                key="number",
                label=_("Number"),
                field="number",
                main=True,
                urls=lambda rows: addresses("hazards:report", rows["number"]),
                second=DateColumn(
                    key="received", label=pgettext_lazy("report", "Received"), field="received_at"
                ),
            ),
            Column(
                key="title",
                label=_("What"),
                field="title",
                second=NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            ),
            Column(
                key="where",
                label=_("Where"),
                field="where",
                second=Column(key="site", label=_("Site"), field="site__name"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            ChoiceColumn(
                key="state",
                label=_("State"),
                field="state",
                choices=ReportState,
                tones=TONES,
                second=ChoiceColumn(key="via", label=_("Came in by"), field="via", choices=Via, look=""),
            ),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_on",
                sort="due",
                overs=days_over,
                over_fields=("state",),
            ),
            NameColumn(key="unit", label=_("Whose it is"), field="unit__name"),
        ),
        sorts=(
            Sort("received", "received_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("due", "due_on", _("Due soonest first"), _("Due latest first")),
        ),
        tabs=(
            Tab("open", pgettext_lazy("reports", "Open"), lambda rows, user, now: rows.open()),
            Tab(
                "new",
                pgettext_lazy("reports", "To take up"),
                lambda rows, user, now: rows.filter(state=ReportState.RECEIVED),
            ),
            Tab("overdue", _("Overdue"), lambda rows, user, now: rows.overdue(now)),
            Tab("mine", _("Mine"), _mine),
            Tab(
                "closed",
                pgettext_lazy("reports", "Closed"),
                lambda rows, user, now: rows.exclude(state__in=OPEN),
            ),
            Tab("all", _("All")),
        ),
    ),
)
