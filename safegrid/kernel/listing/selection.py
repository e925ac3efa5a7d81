"""What somebody chose to see of a list: saved view, filters, order and place in it, read from an address.

Page, fragments, exports and API are all made from a `Selection`, so they show the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote_plus

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from safegrid.kernel import clock
from safegrid.kernel.listing import keyset
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.counting import capped_counts, in_words
from safegrid.kernel.listing.declaration import PAGE_SIZE, Listing, Tab
from safegrid.kernel.listing.filters import ListingFilterSet
from safegrid.kernel.listing.ways import Way, known_way, way
from safegrid.kernel.scope import reach_of

#: Parameters of a place in the list; whatever else changes, the list begins anew.
PLACE = ("after", "format", "part")
CHUNK = 2000  # rows that an export holds in memory


@dataclass(frozen=True)
class Chip:
    """One filter that is set, in words, and the address without it."""

    label: Any
    value: str
    remove: str
    problem: str = ""


class Selection:
    """The rows of `listing` that `request` asks for and `request.user` may read.

    `tab` names the saved view of an address that names none; without it, the list's first.
    """

    def __init__(self, listing: Listing, request: Any, *, now: dt.datetime, tab: str = "") -> None:
        self.listing = listing
        self.user = request.user
        self.params: QueryDict = request.GET
        self.now = now
        #: What of the address was not understood: parameter → sentence.
        self.problems: dict[str, str] = {}
        self.tab = self._tab(tab or listing.tabs[0].key)
        self.order = self._order()
        self.cursor = self._cursor()
        asked = [name for name in listing.filterset.base_filters if self.params.get(name)]
        #: The filters that are set; None when there is none, which is not worth a form.
        self.filters = self.filterset(request, asked) if asked else None
        if self.filters is not None:
            self.problems |= self.filters.errors

    def filterset(self, request: Any, names: Iterable[str] | None = None) -> ListingFilterSet:
        """Return the list's filters, or those of them that are named: each that is there costs time."""
        none = self.listing.model._default_manager.none()
        return self.listing.filterset(self.params, queryset=none, request=request, names=names, now=self.now)

    def _tab(self, default: str) -> Tab:
        tabs = {tab.key: tab for tab in self.listing.tabs}
        wanted = self.params.get("tab") or default
        if wanted not in tabs:
            self.problems["tab"] = _("There is no such view; this is the first one.")
        return tabs.get(wanted, self.listing.tabs[0])

    def _order(self) -> keyset.Order:
        wanted = self.params.get("sort", "")
        for sort in self.listing.sorts:
            if wanted.removeprefix("-") == sort.key:
                return keyset.Order(sort, wanted.startswith("-"))
        if wanted:
            self.problems["sort"] = _("The list cannot be sorted this way.")
        first = self.listing.first_sort
        return keyset.Order(first, first.descending)

    def _cursor(self) -> keyset.Cursor | None:
        text = self.params.get("after")
        if not text:
            return None
        cursor = keyset.Cursor.decode(text, self.order, self.listing.model)
        if cursor is None:
            self.problems["after"] = _("This page of the list is no longer there; this is the first one.")
        return cursor

    @property
    def is_understood(self) -> bool:
        """Whether every parameter of the address made sense."""
        return not self.problems

    def _narrow(self, rows: QuerySet[Any], tab: Tab, now: dt.datetime) -> QuerySet[Any]:
        narrowed = tab.narrow(rows, self.user, now)
        if self.filters is None:
            return narrowed
        if self.filters.errors:
            return rows.none()  # a filter that is not understood must not show more than was meant
        return self.filters.filter_queryset(narrowed, now)

    def _branches(self, tab: Tab, now: dt.datetime) -> list[QuerySet[Any]]:
        branches = self.listing.model._default_manager.branches_for(self.user)  # type: ignore[attr-defined]
        return [self._narrow(branch, tab, now) for branch in branches]

    def page(self, size: int = PAGE_SIZE) -> keyset.Page:
        """Return the page of rows, completed."""
        found = known_way(self._question(size), lambda: self._way(size + 1))
        page = keyset.page(
            found, self.order, self.listing.selected, size=size, cursor=self.cursor, now=self.now
        )
        page.rows.reader = self.user
        return page

    def _way(self, most: int) -> Way:
        return way(
            lambda now: self._branches(self.tab, now),
            self.order,
            most=most,
            cursor=self.cursor,
            now=self.now,
        )

    def _question(self, size: int) -> Hashable:
        """Return all that the words of a page's statement follow from."""
        return (
            self.listing.name,
            self.user.pk,
            reach_of(self.user),
            self.tab.key,
            self.order.param,
            self.cursor and self.cursor.backwards,
            size,
            clock.local_date(self.now),
            tuple((name, self.params.get(name)) for name in self.filters.filters) if self.filters else (),
        )

    def rows(self) -> QuerySet[Any]:
        """Return every row in order, for a table that shows other columns than the list."""
        reached = self.listing.model._default_manager.visible_to(self.user)  # type: ignore[attr-defined]
        every = self._narrow(reached, self.tab, self.now)
        return every.order_by(*self.order.by())

    def batches(self) -> Iterator[Batch]:
        """Yield every row in order, completed, with few of them in memory at a time."""
        select, place = self.listing.selected, self.listing.place
        rows = select.values(self.rows(), *place).iterator(CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            batch = select.batch(chunk, *place)
            batch.reader = self.user
            yield batch

    def counts(self) -> dict[str, str]:
        """Return the number of rows of every saved view under the filters that are set, in words.

        It is exact where sums are kept, and else counted up to a cap.
        """
        summed: Mapping[str, int] = {}
        if self.listing.summed is not None and not (self.filters and self.filters.errors):
            summed = self.listing.summed(self.user, self.active, self.now)
        others = [tab for tab in self.listing.tabs if tab.key not in summed]
        counts = capped_counts([self._branches(tab, self.now) for tab in others])
        words = {tab.key: in_words(count) for tab, count in zip(others, counts, strict=True)}
        words |= {key: number_format(count, force_grouping=True) for key, count in summed.items()}
        return {tab.key: words[tab.key] for tab in self.listing.tabs}

    def address(self, **changes: str | None) -> str:
        """Return the query part of the address with `changes`; None leaves a parameter out.

        The place in the list is kept only when it is itself what changes.
        """
        parts = [text for name, text in self._encoded if name not in changes]
        parts += [f"{name}={quote_plus(value)}" for name, value in changes.items() if value]
        return f"?{'&'.join(parts)}"

    @cached_property
    def _encoded(self) -> list[tuple[str, str]]:
        """The parameters that stay when something changes, each ready for an address."""
        return [(name, f"{quote_plus(name)}={quote_plus(value)}") for name, value in self.kept()]

    @property
    def active(self) -> Mapping[str, Any]:
        """The filters that are set and understood, by name."""
        return self.filters.active if self.filters else {}

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """Return what a form must carry along to keep the rest of the address."""
        left_out = {*PLACE, *without}
        return [
            (name, value)
            for name, values in self.params.lists()
            for value in values
            if value and name not in left_out
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters that are set, but for the search, which stands in its box."""
        if self.filters is None:
            return []
        active = self.filters.active
        chips = []
        for name, each in self.filters.filters.items():
            if name == "q":
                continue
            label, remove = each.label or each.field.label, self.address(**{name: None})
            if name in active:
                chips.append(Chip(label, self.filters.in_words(name, active[name]), remove))
            elif name in self.problems:
                chips.append(Chip(label, self.params.get(name, ""), remove, self.problems[name]))
        return chips
