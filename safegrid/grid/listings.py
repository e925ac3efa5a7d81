"""The list of enterprises: one row for each site, because the site is what is supervised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import EnterpriseStatus, NoUscc, RiskGrade
from safegrid.grid.filters import SiteFilters
from safegrid.grid.models import Site
from safegrid.kernel.listing import (
    ChoiceColumn,
    Column,
    Listing,
    MapSpec,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.columns import Row

RISK_TONES = {grade: grade.value for grade in RiskGrade}
STATUS_TONES = {
    EnterpriseStatus.OPERATING: "good",
    EnterpriseStatus.SUSPENDED: "warn",
    EnterpriseStatus.SEASONAL: "info",
}
HIGH_RISK = (RiskGrade.RED, RiskGrade.ORANGE)


@dataclass(frozen=True, kw_only=True)
class UsccColumn(Column):
    """The USCC, or why there is none."""

    kind: ClassVar[str] = "code"

    reason: str  # the field that says why

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, self.reason)

    def text(self, row: Row) -> str:
        if row[self.field]:
            return row[self.field]
        return str(NoUscc(row[self.reason]).label) if row[self.reason] else ""

    def tone(self, row: Row) -> str:
        return "" if row[self.field] else "warn"

    def api_types(self) -> dict[str, type]:
        return {self.key: str, "no_uscc_reason": str}

    def api(self, row: Row, now: Any) -> dict[str, Any]:
        return {self.key: row[self.field], "no_uscc_reason": row[self.reason]}


def _page(row: Mapping[str, Any]) -> str:
    return f"{reverse('grid:enterprises')}{row['enterprise_id']}/?site={row['id']}"


sites = listings.plug(
    "sites",
    Listing(
        name="sites",
        model=Site,
        title=_("Enterprises"),
        view="grid:enterprises",
        filterset=SiteFilters,
        search=_("Name, USCC or address"),
        empty=_("Enterprises stand here once they are imported or registered in places that you answer for."),
        columns=(
            NameColumn(
                key="enterprise",
                label=_("Enterprise"),
                field="enterprise__name",
                main=True,
                url=_page,
                url_fields=("enterprise_id",),
                second=Column(key="site", label=_("Site"), field="name", sort="name"),
            ),
            UsccColumn(
                key="uscc", label=_("USCC"), field="enterprise__uscc", reason="enterprise__no_uscc_reason"
            ),
            PlaceColumn(key="place", label=_("Place")),
            Column(key="address", label=_("Address"), field="address"),
            NameColumn(key="industry", label=_("Industry"), field="industry__name"),
            ChoiceColumn(
                key="risk", label=_("Risk"), field="risk", choices=RiskGrade, tones=RISK_TONES, style="dot"
            ),
            ChoiceColumn(
                key="status", label=_("Status"), field="status", choices=EnterpriseStatus, tones=STATUS_TONES
            ),
        ),
        sorts=(
            Sort("name", "name", _("Name, A to Z"), _("Name, Z to A")),
            Sort("new", "id", _("First registered first"), _("Last registered first"), descending=True),
        ),
        tabs=(
            Tab("all", _("All")),
            Tab("unplaced", _("To be placed"), lambda rows, user, now: rows.filter(district=None)),
            Tab("high", _("High risk"), lambda rows, user, now: rows.filter(risk__in=HIGH_RISK)),
            Tab("no_uscc", _("Without USCC"), lambda rows, user, now: rows.filter(enterprise__uscc=None)),
        ),
        map=MapSpec("longitude", "latitude", ("enterprise", "site", "risk", "status", "industry")),
    ),
)
