"""The list of findings: who is not answered for, what is done twice?"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from responsibility.assignments.choices import Line, Tier
from responsibility.coverage.choices import FindingState, Kind, Severity
from responsibility.coverage.filters import FindingFilters
from responsibility.coverage.models import Finding
from responsibility.coverage.rules import rules
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    ChoiceColumn,
    DateColumn,
    Listing,
    NameColumn,
    NumberColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.scope import reach_of


class RuleChoices:
    """The rules as a closed list; those of upper floors are in it too."""

    @property
    def choices(self) -> list[tuple[str, Any]]:
        """Codes and words."""
        return [(rule.code, rule.title) for rule in rules]


findings = listings.plug(
    "findings",
    Listing(
        name="findings",
        model=Finding,
        title=_("Coverage findings"),
        view="responsibility:findings",
        filterset=FindingFilters,
        empty=_("Everything is answered for, and nothing twice."),
        columns=(
            ChoiceColumn(
                key="rule",
                label=_("What is wrong"),
                field="rule",
                choices=RuleChoices(),
                look="",
                main=True,
                urls=lambda rows: addresses("responsibility:finding", rows["id"]),
                second=NameColumn(key="post", label=_("Post"), field="post__title"),
            ),
            ChoiceColumn(
                key="severity",
                label=_("Severity"),
                field="severity",
                choices=Severity,
                tones={Severity.HIGH: "red", Severity.MEDIUM: "yellow", Severity.LOW: "blue"},
                look="dot",
            ),
            ChoiceColumn(
                key="line",
                label=_("Line"),
                field="line",
                choices=Line,
                look="",
                second=ChoiceColumn(key="tier", label=_("Tier"), field="tier", choices=Tier, look=""),
            ),
            PlaceColumn(key="place", label=_("Place"), nowhere=_("in several places")),
            NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            NumberColumn(key="sites", label=_("Sites"), field="sites", sort="sites"),
            DateColumn(
                key="found",
                label=_("Since"),
                field="found_at",
                sort="found",
                second=ChoiceColumn(
                    key="state", label=_("State"), field="state", choices=FindingState, look=""
                ),
            ),
            NameColumn(key="whose", label=_("Who must resolve it"), field="whose__title"),
        ),
        sorts=(
            Sort("found", "found_at", _("Longest ago first"), _("Latest first"), descending=True),
            Sort("sites", "sites", _("Fewest sites first"), _("Most sites first"), descending=True),
        ),
        tabs=(
            Tab("open", _("To be resolved"), lambda rows, user, now: rows.open()),
            Tab("gaps", _("Gaps"), lambda rows, user, now: rows.open().filter(kind=Kind.GAP)),
            Tab("overlaps", _("Overlaps"), lambda rows, user, now: rows.open().filter(kind=Kind.OVERLAP)),
            Tab(
                "mine",
                _("Mine"),
                lambda rows, user, now: rows.open().filter(whose__in=reach_of(user).post_ids),
            ),
            Tab(
                "dismissed",
                _("Dismissed"),
                lambda rows, user, now: rows.filter(state=FindingState.DISMISSED),
            ),
            Tab("mended", _("Mended"), lambda rows, user, now: rows.filter(state=FindingState.MENDED)),
            Tab("all", _("All")),
        ),
    ),
)
