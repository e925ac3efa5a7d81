"""The list of closure proposals: what waits for a decision, and what was decided?"""

import datetime as dt

import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.penalties.closing.models import ClosingOutcome, ClosureProposal
from safegrid.grid.filters import EnterpriseFilter, PlacedFilters
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
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
from safegrid.kernel.listing.filters import DayFilter, SearchFilter


class Standing(models.TextChoices):
    """What was decided, or that it is open."""

    OPEN = "", _("To be decided")
    PROPOSED = ClosingOutcome.PROPOSED.value, ClosingOutcome.PROPOSED.label
    NOT = ClosingOutcome.NOT.value, ClosingOutcome.NOT.label


TONES = {Standing.OPEN: "warn", Standing.PROPOSED: "bad", Standing.NOT: "neutral"}


class ClosureFilters(PlacedFilters):
    """The filters of closure proposals."""

    q = SearchFilter("site__")
    outcome = django_filters.ChoiceFilter(
        label=pgettext_lazy("closure", "Decision"), choices=ClosingOutcome.choices
    )
    enterprise = EnterpriseFilter()
    raised_from = DayFilter("raised_at", label=_("Raised from"))
    raised_to = DayFilter("raised_at", label=_("Raised until"), until=True)


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of the decisions that are awaited."""
    today = clock.local_date(now)
    return [
        None if decided_at else (today - due_on).days
        for decided_at, due_on in zip(rows["decided_at"], rows["due_on"], strict=True)
    ]


closures = listings.plug(
    "closures",
    Listing(
        name="closures",
        model=ClosureProposal,
        title=_("Closure proposals"),
        view="hazards:closures",
        filterset=ClosureFilters,
        search=_("Enterprise, USCC or address"),
        empty=_(
            "An enterprise with a major hazard that is penalised again and again stands here (Art. 113)."
        ),
        columns=(
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                main=True,
                urls=lambda rows: addresses("hazards:closure", rows["id"]),
                second=DateColumn(key="raised", label=_("Raised"), field="raised_at"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            NameColumn(key="unit", label=_("Penalised last by"), field="unit__name"),
            NameColumn(key="whose", label=_("Who decides"), field="whose__title"),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_on",
                sort="due",
                overs=days_over,
                over_fields=("decided_at",),
            ),
            ChoiceColumn(
                key="outcome",
                label=_("State"),
                field="outcome",
                choices=Standing,
                tones=TONES,
                second=Column(key="reason", label=_("Reason"), field="reason"),
            ),
        ),
        sorts=(
            Sort("raised", "raised_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("due", "due_on", _("Due soonest first"), _("Due latest first")),
        ),
        tabs=(
            Tab("open", pgettext_lazy("closures", "To be decided"), lambda rows, user, now: rows.open()),
            Tab(
                "decided",
                pgettext_lazy("closures", "Decided"),
                lambda rows, user, now: rows.exclude(decided_at=None),
            ),
            Tab("all", _("All")),
        ),
    ),
)
