"""The list of leading posts: who owes what in this period, and how much of it is done. Nobody is ranked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, Exists, Field, OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from responsibility.leaders.choices import DeedKind, LeaderRole
from responsibility.leaders.filters import LeaderFilters
from responsibility.leaders.models import Leader, LeaderPeriod
from responsibility.leaders.queries import behind, wing_counts
from responsibility.units.columns import StandsColumn
from safegrid.accounts.queries import holders
from safegrid.kernel import clock
from safegrid.kernel.addresses import addresses
from safegrid.kernel.listing import (
    Action,
    ChoiceColumn,
    Column,
    Listing,
    NameColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import ApiType, Values
from safegrid.kernel.scope import reach_of


@dataclass(frozen=True, kw_only=True)
class HolderColumn(Column):
    """Who holds the post whose id is in `field` today, or stands in. Two queries for a batch."""

    def texts(self, rows: Batch) -> Values:
        manned = holders(set(rows[self.field]), on=clock.local_date(clock.now()))
        return [str(manned[pk]) if pk in manned else str(_("vacant")) for pk in rows[self.field]]

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        manned = holders(set(rows[self.field]), on=clock.local_date(now))
        return {self.key: [manned[pk].name if pk in manned else None for pk in rows[self.field]]}


@dataclass(frozen=True, kw_only=True)
class WingColumn(Column):
    """How many enterprises are under the wing today. One query for a batch."""

    kind: ClassVar[str] = "number"
    api_type: ClassVar[ApiType] = int

    def texts(self, rows: Batch) -> Values:
        counts = wing_counts(list(rows[self.field]), on=clock.local_date(clock.now()))
        return [counts.get(pk, 0) for pk in rows[self.field]]

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {self.key: self.texts(rows)}


@dataclass(frozen=True, kw_only=True)
class ProgressColumn(Column):
    """How much of what is owed in the present period is done: `field` of `owed`. Two columns in a sheet."""

    owed: str
    owed_label: Any
    look: str = "state"

    kind: ClassVar[str] = "choice"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return (self.field, self.owed)

    def texts(self, rows: Batch) -> Values:
        return ["" if n is None else f"{done}/{n}" for done, n in self._pairs(rows)]

    def toned(self, rows: Batch) -> Sequence[str]:
        return ["" if n is None else "good" if done >= n else "neutral" for done, n in self._pairs(rows)]

    def heads(self) -> tuple[Any, ...]:
        return (self.owed_label, self.label)

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return (rows[self.owed], rows[self.field])

    def api_types(self) -> dict[str, ApiType]:
        return {f"{self.key}_owed": int, f"{self.key}_done": int}

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {f"{self.key}_owed": rows[self.owed], f"{self.key}_done": rows[self.field]}

    def _pairs(self, rows: Batch) -> list[tuple[Any, Any]]:
        return list(zip(rows[self.field], rows[self.owed], strict=True))


@dataclass(frozen=True, kw_only=True)
class LateColumn(Column):
    """How many of its duties lapsed undone in the period before this one."""

    kind: ClassVar[str] = "choice"
    api_type: ClassVar[ApiType] = int

    def texts(self, rows: Batch) -> Values:
        return [n or "" for n in rows[self.field]]

    def toned(self, rows: Batch) -> Sequence[str]:
        return ["bad" if n else "" for n in rows[self.field]]

    def sheet(self, rows: Batch, now: dt.datetime) -> tuple[Values, ...]:
        return (rows[self.field],)


#: A list takes what the database gives, as it is.
PLAIN: Field[Any, Any] = Field()


def _current(kind: str, field: str) -> Subquery:
    rows = LeaderPeriod.objects.filter(leader=OuterRef("pk"), kind=kind, is_current=True)
    return Subquery(rows.values(field)[:1], output_field=PLAIN)


def _lapsed() -> Any:
    """Return how many present periods follow one that lapsed undone; as an expression."""
    rows = LeaderPeriod.objects.filter(leader=OuterRef("pk"), is_current=True, after_lapse=True)
    counted = rows.order_by().values("leader").annotate(n=Count("pk")).values("n")
    return Subquery(counted, output_field=PLAIN)


def _actions(request: HttpRequest) -> list[Action]:
    if not reach_of(request.user).is_official:
        return []
    url = reverse("responsibility:leaders_table")
    return [Action(_("Table of leaders' duties"), url, "file-spreadsheet")]


leaders = listings.plug(
    "leaders",
    Listing(
        name="leaders",
        model=Leader,
        title=_("Leaders' duties"),
        view="responsibility:leaders",
        filterset=LeaderFilters,
        actions=_actions,
        empty=_("Leading posts stand here, in the order of their units, with what they owe and did."),
        columns=(
            NameColumn(
                key="post",
                label=_("Post"),
                field="post__title",
                main=True,
                urls=lambda rows: addresses("responsibility:leader", rows["post_id"]),
                url_fields=("post_id",),
                second=NameColumn(key="unit", label=_("Unit"), field="unit__name"),
            ),
            HolderColumn(
                key="holder",
                label=_("Held by"),
                field="post_id",
                second=ChoiceColumn(
                    key="role", label=_("Leads as"), field="role", choices=LeaderRole, look=""
                ),
            ),
            StandsColumn(key="place", label=_("Place"), nowhere=_("whole city")),
            ProgressColumn(
                key="checks",
                label=_("Checks led"),
                field="check_done",
                owed="check_owed",
                owed_label=_("Checks to lead"),
            ),
            ProgressColumn(
                key="meetings",
                label=_("Meetings held"),
                field="meeting_done",
                owed="meeting_owed",
                owed_label=_("Meetings to hold"),
            ),
            ProgressColumn(
                key="contacts",
                label=_("Visits under their wing"),
                field="contact_done",
                owed="contact_owed",
                owed_label=_("Visits to make"),
            ),
            WingColumn(key="wing", label=_("Under their wing"), field="id"),
            LateColumn(key="lapsed", label=_("Lapsed last period"), field="lapsed", look="state"),
        ),
        sorts=(Sort("unit", "sequence", _("By unit"), _("By unit, from the last")),),
        tabs=(
            Tab("all", _("All")),
            Tab(
                "behind",
                _("Behind"),
                lambda rows, user, now: rows.filter(
                    Exists(LeaderPeriod.objects.filter(behind(now), leader=OuterRef("pk")))
                ),
            ),
            Tab(
                "mine",
                _("Mine"),
                lambda rows, user, now: rows.filter(post__in=reach_of(user).post_ids),
            ),
        ),
        expressions={
            f"{kind}_{field}": _current(kind, field) for kind in DeedKind.values for field in ("done", "owed")
        }
        | {"lapsed": _lapsed()},
    ),
)
