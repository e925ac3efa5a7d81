"""The list of penalties: who was penalised for what, by which article, and how much?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards.penalties.choices import PenaltyKind
from hazards.penalties.filters import PenaltyFilters
from hazards.penalties.models import Penalty
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    DateColumn,
    Listing,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import ApiType, Values
from safegrid.kernel.scope import reach_of


@dataclass(frozen=True, kw_only=True)
class MoneyColumn(Column):
    """An amount of yuan, with separators on the page and as a number in a sheet."""

    kind: ClassVar[str] = "number"

    def texts(self, rows: Batch) -> Values:
        return ["" if value is None else f"{value:,.2f}" for value in rows[self.field]]

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return ([self._number(value) for value in rows[self.field]],)

    @staticmethod
    def _number(value: Decimal | None) -> int | float | None:
        if value is None:
            return None
        return int(value) if value == int(value) else float(value)

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: [None if value is None else str(Decimal(value)) for value in rows[self.field]]}


@dataclass(frozen=True, kw_only=True)
class StandsColumn(Column):
    """Whether a penalty counts: it stands, was replaced by a correction, or does not stand."""

    field: str = "is_void"
    look: str = "state"

    kind: ClassVar[str] = "choice"
    api_type: ClassVar[ApiType] = str

    @property
    def own_fields(self) -> tuple[str, ...]:
        return ("is_void", "replaced_at")

    def _codes(self, rows: Batch) -> list[str]:
        return [
            "replaced" if replaced_at else "void" if is_void else "stands"
            for is_void, replaced_at in zip(rows["is_void"], rows["replaced_at"], strict=True)
        ]

    def texts(self, rows: Batch) -> Values:
        words = {"stands": str(_("stands")), "void": str(_("does not stand")), "replaced": str(_("replaced"))}
        return [words[code] for code in self._codes(rows)]

    def toned(self, rows: Batch) -> Sequence[str]:
        return ["info" if code == "stands" else "neutral" for code in self._codes(rows)]

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: self._codes(rows)}


def _actions(request: HttpRequest) -> list[Action]:
    if not reach_of(request.user).is_official:
        return []
    return [Action(_("Closure proposals"), reverse("hazards:closures"), "building-factory-2", main=False)]


penalties = listings.plug(
    "penalties",
    Listing(
        name="penalties",
        model=Penalty,
        title=_("Penalties"),
        view="hazards:penalties",
        filterset=PenaltyFilters,
        actions=_actions,
        search=_("Enterprise, USCC or address"),
        empty=_("Penalties stand here once an officer has entered them on the page of a hazard or a site."),
        columns=(
            Column(
                key="document",
                label=_("Decision"),
                field="document",
                main=True,
                urls=lambda rows: addresses("hazards:penalty", rows["id"]),
                second=Column(key="hazard", label=_("Hazard"), field="hazard__number"),
            ),
            ChoiceColumn(
                key="kind",
                label=_("Kind"),
                field="kind",
                choices=PenaltyKind,
                look="",
                second=Column(key="article", label=_("Article"), field="article"),
            ),
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                second=Column(key="site", label=_("Site"), field="site__name"),
            ),
            PlaceColumn(key="place", label=_("Place")),
            NameColumn(
                key="unit",
                label=_("Unit"),
                field="unit__name",
                second=NameColumn(key="matter", label=_("Matter"), field="matter__name"),
            ),
            DateColumn(key="decided", label=_("Decided"), field="decided_on", instant=False, sort="decided"),
            MoneyColumn(key="amount", label=_("Amount, yuan"), field="amount"),
            StandsColumn(key="state", label=_("State")),
        ),
        sorts=(Sort("decided", "decided_on", _("Longest ago first"), _("Latest first"), descending=True),),
        tabs=(
            Tab("stands", pgettext_lazy("penalties", "In force"), lambda rows, user, now: rows.standing()),
            Tab("fines", _("Fines"), lambda rows, user, now: rows.standing().filter(kind=PenaltyKind.FINE)),
            Tab("all", _("All")),
        ),
    ),
)
