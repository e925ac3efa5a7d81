"""The lists of visits and of self-inspections."""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from inspections.choices import SelfInspectionState, VisitKind
from inspections.filters import SelfInspectionFilters, VisitFilters
from inspections.models import SelfInspection, Visit, VisitOfficer
from inspections.queries import kinds_of
from inspections.services.periods import OPEN
from responsibility.obligations.models import days_over
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
    NumberColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch

STATE_TONES = {
    SelfInspectionState.DUE: "warn",
    SelfInspectionState.DRAFT: "info",
    SelfInspectionState.FILED: "good",
    SelfInspectionState.LAPSED: "bad",
}


def _days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    return [
        days_over(clock.last_day(due_at), now) if state in OPEN else None
        for state, due_at in zip(rows["state"], rows["due_at"], strict=True)
    ]


def _visit_actions(request: HttpRequest) -> list[Action]:
    """Return the way to record a visit, for a post that makes visits."""
    if not kinds_of(acting_post(request)):
        return []
    return [Action(_("Record a visit"), reverse("inspections:visit_new"))]


visits = listings.plug(
    "visits",
    Listing(
        name="visits",
        model=Visit,
        title=_("Visits"),
        view="inspections:visits",
        filterset=VisitFilters,
        search=_("Enterprise, USCC or address"),
        actions=_visit_actions,
        empty=_("Patrols and inspections stand here once they are recorded."),
        columns=(
            Column(
                key="number",
                label=_("Number"),
                field="number",
                sort="number",
                main=True,
                urls=lambda rows: addresses("inspections:visit_detail", rows["number"]),
            ),
            ChoiceColumn(
                key="kind",
                label=_("Kind"),
                field="kind",
                choices=VisitKind,
                tones={VisitKind.INSPECTION: "info"},
            ),
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                second=Column(key="site", label=_("Site"), field="site__name"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            NameColumn(key="unit", label=_("Unit"), field="unit__name"),
            DateColumn(key="visited", label=_("Visited"), field="visited_at", sort="visited"),
            NumberColumn(key="items", label=_("Items"), field="item_count"),
            NumberColumn(key="findings", label=_("Found"), field="found_count"),
        ),
        sorts=(
            Sort("visited", "visited_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("number", "number", _("Lowest number first"), _("Highest number first")),
        ),
        tabs=(
            Tab("all", _("All")),
            Tab("found", _("With findings"), lambda rows, user, now: rows.filter(found_count__gt=0)),
            Tab(
                "mine",
                _("Mine"),
                lambda rows, user, now: rows.filter(
                    pk__in=VisitOfficer.objects.filter(user=user).values("visit")
                ),
            ),
        ),
    ),
)

self_inspections = listings.plug(
    "self-inspections",
    Listing(
        name="self-inspections",
        model=SelfInspection,
        title=_("Self-inspections"),
        view="inspections:self",
        filterset=SelfInspectionFilters,
        search=_("Enterprise, USCC or address"),
        empty=_("A self-inspection stands here when its period begins."),
        columns=(
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                main=True,
                urls=lambda rows: addresses("inspections:self_fill", rows["id"]),
                second=Column(key="site", label=_("Site"), field="site__name"),
            ),
            NameColumn(
                key="checklist",
                label=_("Checklist"),
                field="checklist__name",
                second=Column(key="period", label=_("Period"), field="period"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            ChoiceColumn(
                key="state", label=_("State"), field="state", choices=SelfInspectionState, tones=STATE_TONES
            ),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_at",
                sort="due",
                overs=_days_over,
                over_fields=("state",),
            ),
            DateColumn(
                key="filed",
                label=_("Filed"),
                field="filed_at",
                second=Column(key="receipt", label=_("Receipt"), field="receipt"),
            ),
            NumberColumn(key="findings", label=_("Found"), field="found_count"),
        ),
        sorts=(Sort("due", "due_at", _("Due soonest first"), _("Due latest first"), descending=True),),
        tabs=(
            Tab("owed", _("To be filled in"), lambda rows, user, now: rows.filter(state__in=OPEN)),
            Tab(
                "overdue",
                _("Overdue"),
                lambda rows, user, now: rows.filter(state__in=OPEN, due_at__lte=now),
            ),
            Tab("filed", _("Filed"), lambda rows, user, now: rows.filter(state=SelfInspectionState.FILED)),
            Tab("all", _("All")),
        ),
    ),
)
