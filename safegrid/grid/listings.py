"""The list of enterprises: one row for each site, because the site is what is supervised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from safegrid.grid.choices import EnterpriseStatus, NoUscc, RiskGrade
from safegrid.grid.filters import SiteFilters
from safegrid.grid.models import Site
from safegrid.grid.tally import HIGH_RISK, views_summed
from safegrid.kernel.addresses import addresses
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
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Values

RISK_TONES = {grade: grade.value for grade in RiskGrade}
STATUS_TONES = {
    EnterpriseStatus.OPERATING: "good",
    EnterpriseStatus.SUSPENDED: "warn",
    EnterpriseStatus.SEASONAL: "info",
}


@dataclass(frozen=True, kw_only=True)
class UsccColumn(Column):
    """The USCC, or why there is none."""

    kind: ClassVar[str] = "code"

    reason: str  # the field that says why

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, self.reason)

    def texts(self, rows: Batch) -> Values:
        reasons = {value: str(label) for value, label in NoUscc.choices}
        pairs = zip(rows[self.field], rows[self.reason], strict=True)
        return [code or reasons.get(reason, "") for code, reason in pairs]

    def toned(self, rows: Batch) -> Sequence[str]:
        return ["" if code else "warn" for code in rows[self.field]]

    def api_types(self) -> dict[str, type]:
        return {self.key: str, "no_uscc_reason": str}

    def api(self, rows: Batch, now: Any) -> dict[str, Values]:
        return {self.key: rows[self.field], "no_uscc_reason": rows[self.reason]}


def _pages(rows: Batch) -> list[str]:
    pages = addresses("grid:enterprise", rows["enterprise_id"])
    return [f"{page}?site={pk}" for page, pk in zip(pages, rows["id"], strict=True)]


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
                urls=_pages,
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
                key="risk", label=_("Risk"), field="risk", choices=RiskGrade, tones=RISK_TONES, look="dot"
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
        summed=views_summed,
        map=MapSpec("longitude", "latitude", ("enterprise", "site", "risk", "status", "industry")),
    ),
)
