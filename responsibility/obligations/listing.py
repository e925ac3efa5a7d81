"""The list of what is owed: by whom, about what, and by when? The numbers on a unit's page open it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from responsibility.obligations import words
from responsibility.obligations.choices import Outcome
from responsibility.obligations.filters import ObligationFilters
from responsibility.obligations.models import Obligation
from safegrid.kernel import clock
from safegrid.kernel.listing import (
    ChoiceColumn,
    Column,
    DueColumn,
    Listing,
    NameColumn,
    PlaceColumn,
    Sort,
    Tab,
    listings,
)
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Values
from safegrid.kernel.names import choose_each

GIVEN = "given"  # the parameters as text: a list reads what needs no translation by the database's driver


@dataclass(frozen=True, kw_only=True)
class WhatColumn(Column):
    """What is owed, in the reader's words; the API gives its code."""

    field: str = "label"

    @property
    def own_fields(self) -> tuple[str, ...]:
        return ("label", GIVEN)

    def texts(self, rows: Batch) -> Values:
        return [words.title(label, json.loads(given)) for label, given in _codes(rows)]


@dataclass(frozen=True, kw_only=True)
class DebtorColumn(NameColumn):
    """Who owes it: a post, or an enterprise."""

    field: str = "debtor_post__title"

    @property
    def own_fields(self) -> tuple[str, ...]:
        names = ("debtor_post__title", "debtor_enterprise__name")
        return tuple(f"{name}{suffix}" for name in names for suffix in ("", "_en"))

    def _names(self, rows: Batch, suffix: str) -> list[str]:
        pairs = zip(
            rows[f"debtor_post__title{suffix}"], rows[f"debtor_enterprise__name{suffix}"], strict=True
        )
        return [of_post or of_enterprise or "" for of_post, of_enterprise in pairs]

    def texts(self, rows: Batch) -> Values:
        return choose_each(self._names(rows, ""), self._names(rows, "_en"))

    def api(self, rows: Batch, now: dt.datetime) -> dict[str, Values]:
        return {f"{self.key}{suffix}": self._names(rows, suffix) for suffix in ("", "_en")}


def _codes(rows: Batch) -> Iterator[tuple[str, str]]:
    return zip(rows["label"], rows[GIVEN], strict=True)


def addresses_of(rows: Batch) -> list[str]:
    """Return the addresses of the pages of what is owed."""
    return [words.url(label, json.loads(given)) for label, given in _codes(rows)]


def days_over(rows: Batch, now: dt.datetime) -> list[int | None]:
    """Return the days over of what is open; None for what is closed."""
    today = clock.local_date(now)
    pairs = zip(rows["due_on"], rows["closed_at"], strict=True)
    return [(today - day).days if closed is None else None for day, closed in pairs]


def are_late(rows: Batch, now: dt.datetime) -> list[bool]:
    """Return which are late, as `overdue` does."""
    return [
        closed is None and due <= now for due, closed in zip(rows["due_at"], rows["closed_at"], strict=True)
    ]


def _open(rows: Any, user: Any, now: dt.datetime) -> Any:
    return rows.open()


def _overdue(rows: Any, user: Any, now: dt.datetime) -> Any:
    return rows.overdue(now)


obligations = listings.plug(
    "obligations",
    Listing(
        name="obligations",
        model=Obligation,
        title=_("What is owed"),
        view="responsibility:obligations",
        filterset=ObligationFilters,
        empty=_("Whatever has a deadline stands here."),
        expressions={GIVEN: Cast("params", TextField())},
        columns=(
            WhatColumn(key="what", label=_("What is owed"), main=True, urls=addresses_of),
            DebtorColumn(
                key="debtor",
                label=_("Who owes it"),
                second=NameColumn(key="unit", label=_("Unit"), field="debtor_post__unit__name"),
            ),
            NameColumn(key="enterprise", label=_("Enterprise"), field="enterprise__name"),
            PlaceColumn(key="place", label=_("Place"), nowhere=_("no single place")),
            DueColumn(
                key="due",
                label=_("Due"),
                field="due_at",
                sort="due",
                overs=days_over,
                over_fields=("due_on", "closed_at"),
                lates=are_late,
            ),
            ChoiceColumn(
                key="outcome",
                label=pgettext_lazy("obligation", "Outcome"),
                field="outcome",
                choices=Outcome,
                look="",
            ),
        ),
        sorts=(Sort("due", "due_at", _("Due soonest first"), _("Due latest first")),),
        tabs=(
            Tab("open", pgettext_lazy("obligations", "Open"), _open),
            Tab("overdue", _("Overdue"), _overdue),
            Tab("all", _("All")),
        ),
    ),
)
